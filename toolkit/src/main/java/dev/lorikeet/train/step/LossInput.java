package dev.lorikeet.train.step;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.input.ModelInput;
import java.io.Serializable;

/** The input of a loss: what the model reads, and what becomes of the last layer's output. */
public sealed interface LossInput extends Serializable permits RowInput, PairInput {

    ModelInput input();

    /** Prepares the context of a pass for what the loss reads of it. */
    default ForwardContext reading(ForwardContext context, NDManager scope) {
        return context;
    }

    /**
     * Begins the loss of one micro-batch.
     *
     * @param scope owns the temporary arrays
     * @param rowsAtATime rows of logits in a chunk; 0: all
     */
    OutputLoss on(NDManager scope, Transformer transformer, ForwardContext context, int rowsAtATime);
}
