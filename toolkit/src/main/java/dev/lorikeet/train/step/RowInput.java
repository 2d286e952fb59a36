package dev.lorikeet.train.step;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.input.ModelInput;

/**
 * Positions that should predict labels.
 *
 * @param input token ids
 * @param rows indices into the flattened (batch · time) positions, or of texts where their means are taken; one for each label
 * @param labels token ids or classes, at least one
 * @param flags for each row whether each class holds, where several may; else null
 * @param weights how much each label counts in the loss; null: all count once
 */
public record RowInput(ModelInput input, long[] rows, long[] labels, boolean[][] flags, float[] weights)
        implements LossInput {

    /** Rows of which one class each is right. */
    public RowInput(ModelInput input, long[] rows, long[] labels, float[] weights) {
        this(input, rows, labels, null, weights);
    }

    @Override
    public OutputLoss on(NDManager scope, Transformer transformer, ForwardContext context, int rowsAtATime) {
        return new ChunkedLoss(scope, transformer, context, this, rowsAtATime);
    }
}
