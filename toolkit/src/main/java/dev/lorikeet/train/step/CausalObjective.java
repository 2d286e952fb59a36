package dev.lorikeet.train.step;

import dev.lorikeet.data.CausalBatch;
import dev.lorikeet.model.CausalModel;
import dev.lorikeet.model.input.ModelInput;

/** Predicts the next token at each position in the loss mask. */
public record CausalObjective(CausalModel model) implements Objective<CausalBatch> {

    @Override
    public LossInput lossInput(CausalBatch batch) {
        int width = batch.width();
        long[] rows = new long[batch.targets()];
        long[] labels = new long[rows.length];
        int next = 0;
        for (int i = 0; i < batch.size(); i++) {
            for (int j = 1; j < width; j++) {
                if (batch.lossMask()[i][j]) {
                    rows[next] = (long) i * width + j - 1;
                    labels[next++] = batch.ids()[i][j];
                }
            }
        }
        return new RowInput(ModelInput.of(batch.ids(), batch.segmentIds()), rows, labels, null);
    }

    @Override
    public int targets(CausalBatch batch) {
        return batch.targets();
    }

    @Override
    public int examples(CausalBatch batch) {
        return batch.examples();
    }

    @Override
    public long tokens(CausalBatch batch) {
        return batch.tokens();
    }

    @Override
    public long positions(CausalBatch batch) {
        return (long) batch.size() * batch.width();
    }
}
