package dev.lorikeet.model;

import dev.lorikeet.model.block.Linear;
import dev.lorikeet.model.block.Projection;
import java.util.List;

/** A linear layer of a {@link ModelShape}. */
public record LinearShape(String path, long in, long out, List<Projection.Slice> slices) implements Linear {}
