package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.input.ModelInput;

/** Predicts the next token at each position in the loss mask. */
public record CausalObjective(PretrainedModel model) implements Objective {

    @Override
    public LossInput lossInput(Batch batch) {
        int width = batch.width();
        long[] rows = new long[batch.targetCount()];
        long[] labels = new long[rows.length];
        boolean[][] lossMask = batch.lossMask();
        int next = 0;
        for (int i = 0; i < batch.size(); i++) {
            for (int j = 1; j < width; j++) {
                if (lossMask[i][j]) {
                    rows[next] = (long) i * width + j - 1;
                    labels[next++] = batch.ids()[i][j];
                }
            }
        }
        return new RowInput(ModelInput.of(batch.ids(), batch.segmentIds()), rows, new RowLabels.Classes(labels), null);
    }
}
