package dev.lorikeet.lora;

import dev.lorikeet.model.block.Projection;
import java.util.List;
import java.util.Optional;

/**
 * Output rows of a projection that one pair of matrices changes: all of them, or a slice.
 *
 * @param name the projection's name, or the slice's
 */
record Target(Projection projection, String name, long firstRow, long rows) {

    static Target whole(Projection projection) {
        return new Target(projection, projection.name(), 0, projection.out());
    }

    static Optional<Target> slice(Projection projection, String name) {
        return projection.slices().stream()
                .filter(slice -> slice.name().equals(name))
                .map(slice -> of(projection, slice))
                .findFirst();
    }

    /** The slices of a fused projection, or the whole of another. */
    static List<Target> apart(Projection projection) {
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
