package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.embed.TextPooling;
import dev.lorikeet.model.input.ModelInput;
import java.util.Arrays;

/**
 * Brings the vectors of texts that belong together near each other.
 *
 * @param scale factor on similarities
 */
public record PairObjective(PretrainedModel model, TextPooling pooling, double scale) implements Objective {

    @Override
    public LossInput lossInput(Batch batch) {
        ModelInput input = ModelInput.padded(batch.ids(), batch.lengths(), ForwardContext.Reading.MEAN);
        return new PairInput(input, pooling, scale, same(batch));
    }

    /** Whether the second text of the one pair would answer the first text of the other too, as they are equal. */
    private static boolean[][] same(Batch batch) {
        int pairs = batch.examples();
        boolean[][] same = new boolean[pairs][pairs];
        for (int i = 0; i < pairs; i++) {
            for (int j = 0; j < pairs; j++) {
                same[i][j] = equal(batch, i, j) || equal(batch, pairs + i, pairs + j);
            }
        }
        return same;
    }

    private static boolean equal(Batch batch, int row, int other) {
        return batch.lengths()[row] == batch.lengths()[other] && Arrays.equals(batch.ids()[row], batch.ids()[other]);
    }
}
