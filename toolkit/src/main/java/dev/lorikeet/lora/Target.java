package dev.lorikeet.lora;

import dev.lorikeet.model.block.Projection;
import java.util.List;
import java.util.Optional;

/**
 * A projection, or the output rows of one slice of a fused projection, that one pair of matrices adapts.
 *
 * @param name name of the projection or slice
 * @param firstRow index of the first output row
 * @param rows number of output rows
 */
record Target(Projection projection, String name, long firstRow, long rows) {

    /** The target of all output rows. */
    static Target whole(Projection projection) {
        return new Target(projection, projection.name(), 0, projection.out());
    }

    /** The slice of that name; empty if the projection has none. */
    static Optional<Target> slice(Projection projection, String name) {
        return projection.slices().stream()
                .filter(slice -> slice.name().equals(name))
                .map(slice -> of(projection, slice))
                .findFirst();
    }

    /** Returns the slices of a fused projection, or the projection itself. */
    static List<Target> unfused(Projection projection) {
        return projection.slices().isEmpty()
                ? List.of(whole(projection))
                : projection.slices().stream()
                        .map(slice -> of(projection, slice))
                        .toList();
    }

    private static Target of(Projection projection, Projection.Slice slice) {
        return new Target(projection, slice.name(), slice.firstRow(), slice.rows());
    }
}
