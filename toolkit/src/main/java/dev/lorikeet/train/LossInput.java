package dev.lorikeet.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.block.ForwardContext;
import java.util.Arrays;

/**
 * What a batch asks of a model: which of its states should name which labels.
 *
 * @param ids [batch][time]
 * @param segments [batch][time], equal for the tokens of one text where several stand in a row; null where a row is one text
 * @param rows of the flattened (batch · time), one for each label
 * @param labels token ids or classes, at least one
 */
record LossInput(int[][] ids, int[][] segments, long[] rows, long[] labels) {

    /** The pass through the model that answers it, its arrays in {@code scope}. */
    ForwardContext pass(NDManager scope, boolean training) {
        ForwardContext pass = ForwardContext.of(scope, training);
        if (segments == null) {
            return pass;
        }
        long[] flat = Arrays.stream(segments)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
        return pass.segments(scope.create(flat, new Shape(segments.length, segments[0].length)));
    }
}
