package dev.lorikeet.train.step;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.input.ModelInput;

/**
 * Positions that should say something.
 *
 * @param input token ids
 * @param rows indices into the flattened (batch · time) positions, or of texts where their means are taken; one for each label
 * @param labels at least one
 * @param weights how much each label counts in the loss; null: all count once
 */
public record RowInput(ModelInput input, long[] rows, RowLabels labels, float[] weights) implements LossInput {

    @Override
    public OutputLoss on(NDManager scope, Transformer transformer, ForwardContext context, int rowsAtATime) {
        return new ChunkedLoss(scope, transformer, context, this, rowsAtATime);
    }
}
