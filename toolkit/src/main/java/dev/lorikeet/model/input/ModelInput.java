package dev.lorikeet.model.input;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.block.ForwardContext;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What a pass of a model reads.
 *
 * @param ids token ids [batch][time]
 * @param segmentIds [batch][time], equal for tokens of the same text where a row holds several; null where each row is one text
 * @param tokenTypes [batch][time], which of the two texts of a row each token of an encoder belongs to; null where each row is one text
 * @param lengths tokens of each row, after which padding begins that no token may see; null: padding is looked at like a token
 * @param reading how an encoder's states become logits
 */
public record ModelInput(
        int[][] ids, int[][] segmentIds, int[][] tokenTypes, int[] lengths, ForwardContext.Reading reading)
        implements Serializable {

    /** Rows that are one text each, or several with segment ids. */
    public static ModelInput of(int[][] ids, int[][] segmentIds) {
        return new ModelInput(ids, segmentIds, null, null, ForwardContext.Reading.POOLED);
    }

    /** Rows that are padded on the right, for a model that must not see padding. */
    public static ModelInput padded(int[][] ids, int[] lengths, ForwardContext.Reading reading) {
        return new ModelInput(ids, null, null, lengths, reading);
    }

    /** The same input, whose rows are two texts each. */
    public ModelInput tokenTypes(int[][] types) {
        return new ModelInput(ids, segmentIds, types, lengths, reading);
    }

    /** Creates the context of a forward pass on this input, with its arrays in {@code scope}. */
    public ForwardContext context(NDManager scope, boolean training) {
        ForwardContext context = ForwardContext.of(scope, training).reading(reading);
        if (segmentIds != null) {
            context = context.segmentIds(array(scope, segmentIds));
        }
        if (tokenTypes != null) {
            context = context.tokenTypes(array(scope, tokenTypes));
        }
        return lengths == null ? context : context.paddingMask(keep(scope));
    }

    private NDArray array(NDManager scope, int[][] rows) {
        long[] flat =
                Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
        return scope.create(flat, shape());
    }

    private Shape shape() {
        return new Shape(ids.length, ids[0].length);
    }

    /** False at padding. */
    private NDArray keep(NDManager scope) {
        int time = ids[0].length;
        boolean[] keep = new boolean[ids.length * time];
        for (int row = 0; row < ids.length; row++) {
            Arrays.fill(keep, row * time, row * time + lengths[row], true);
        }
        return scope.create(keep, shape());
    }
}
