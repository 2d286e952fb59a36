package dev.lorikeet.lora;

import dev.lorikeet.model.block.Linear;
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
record Target<L extends Linear>(L projection, String name, long firstRow, long rows) {

    /** The target of all output rows. */
    static <L extends Linear> Target<L> whole(L projection) {
        return new Target<>(projection, projection.name(), 0, projection.out());
    }

    /** The slice of that name; empty if the projection has none. */
    static <L extends Linear> Optional<Target<L>> slice(L projection, String name) {
        return projection.slices().stream()
                .filter(slice -> slice.name().equals(name))
                .map(slice -> of(projection, slice))
                .findFirst();
    }

    /** Returns the slices of a fused projection, or the projection itself. */
    static <L extends Linear> List<Target<L>> unfused(L projection) {
        return projection.slices().isEmpty()
                ? List.of(whole(projection))
                : projection.slices().stream()
                        .map(slice -> of(projection, slice))
                        .toList();
    }

    private static <L extends Linear> Target<L> of(L projection, Projection.Slice slice) {
        return new Target<>(projection, slice.name(), slice.firstRow(), slice.rows());
    }
}
