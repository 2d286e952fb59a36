package dev.lorikeet.train.step;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.block.ForwardContext;
import java.util.Arrays;

/**
 * The input of the loss: token ids, and which positions should predict which labels.
 *
 * @param ids [batch][time]
 * @param segmentIds [batch][time] segment ids: equal for tokens of the same text where a row holds several; null where each row is one
 *     text
 * @param rows indices into the flattened (batch · time) positions, one for each label
 * @param labels token ids or classes, at least one
 * @param weights how much each label counts in the loss; null: all count once
 */
public record LossInput(int[][] ids, int[][] segmentIds, long[] rows, long[] labels, float[] weights) {

    /** Creates the context of a forward pass on this input, with its arrays in {@code scope}. */
    ForwardContext forwardContext(NDManager scope, boolean training) {
        ForwardContext context = ForwardContext.of(scope, training);
        if (segmentIds == null) {
            return context;
        }
        long[] flat = Arrays.stream(segmentIds)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
        return context.segmentIds(scope.create(flat, new Shape(segmentIds.length, segmentIds[0].length)));
    }
}
