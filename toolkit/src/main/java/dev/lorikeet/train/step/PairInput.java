package dev.lorikeet.train.step;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.embed.TextPooling;
import dev.lorikeet.model.input.ModelInput;

/**
 * Pairs of texts as the input of a loss.
 *
 * @param input the first texts of all pairs, then the second ones
 * @param pooling of a text's tokens
 * @param scale factor on similarities
 * @param same whether two pairs have an equal text, so that neither is a negative of the other
 */
public record PairInput(ModelInput input, TextPooling pooling, double scale, boolean[][] same) implements LossInput {

    int pairs() {
        return same.length;
    }

    @Override
    public OutputLoss on(NDManager scope, Transformer transformer, ForwardContext context, int rowsAtATime) {
        return new PairLoss(scope, transformer, context, this);
    }
}
