package dev.lorikeet.train.step;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.model.input.StateRows;

/**
 * Positions that should say something.
 *
 * @param input token ids
 * @param rows indices into the flattened (batch · time) positions, or of texts where their means are taken; one for each label
 * @param labels at least one
 * @param weights how much each label counts in the loss; null: all count once
 */
public record RowInput(ModelInput input, long[] rows, RowLabels labels, float[] weights) implements LossInput {

    /** The states that the rows stand for. */
    StateRows states() {
        return StateRows.of(input, rows);
    }

    @Override
    public ForwardContext reading(ForwardContext context, NDManager scope) {
        return states().in(context, scope);
    }

    @Override
    public OutputLoss on(NDManager scope, Transformer transformer, ForwardContext context, int rowsAtATime) {
        return new ChunkedLoss(scope, transformer, context, this, rowsAtATime);
    }
}
