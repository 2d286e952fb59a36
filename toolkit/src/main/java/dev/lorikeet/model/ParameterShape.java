package dev.lorikeet.model;

import dev.lorikeet.model.block.NamedParameter;

/**
 * A parameter of a {@link ModelShape}.
 *
 * @param name as in Hugging Face checkpoints
 * @param size how many numbers it holds
 */
public record ParameterShape(String name, long size) implements NamedParameter {}
