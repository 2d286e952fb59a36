package dev.lorikeet.train;

import dev.lorikeet.data.CausalBatch;
import dev.lorikeet.model.CausalModel;

/** The next token, where there is one to predict. */
record CausalObjective(CausalModel model) implements Objective<CausalBatch> {

    @Override
    public LossInput question(CausalBatch batch) {
        int width = batch.width();
        long[] rows = new long[batch.targets()];
        long[] labels = new long[rows.length];
        int at = 0;
        for (int i = 0; i < batch.size(); i++) {
            for (int j = 1; j < width; j++) {
                if (batch.counts()[i][j]) {
                    rows[at] = (long) i * width + j - 1;
                    labels[at++] = batch.ids()[i][j];
                }
            }
        }
        return new LossInput(batch.ids(), batch.segments(), rows, labels);
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
