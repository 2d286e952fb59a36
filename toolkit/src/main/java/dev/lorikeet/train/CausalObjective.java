package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.CausalModel;
import dev.lorikeet.model.Pass;

/** The next token. Logits are computed only where there is one to predict. */
record CausalObjective(CausalModel model) implements Objective<CausalBatch> {

    @Override
    public Scored score(NDManager scope, CausalBatch batch, boolean training) {
        int width = batch.ids()[0].length;
        int targets = batch.targets();
        long[] rows = new long[targets];
        long[] labels = new long[targets];
        int at = 0;
        for (int i = 0; i < batch.ids().length; i++) {
            for (int j = 1; j < width; j++) {
                if (batch.counts()[i][j]) {
                    rows[at] = (long) i * width + j - 1;
                    labels[at++] = batch.ids()[i][j];
                }
            }
        }
        NDArray ids = model.ids(scope, batch.ids());
        Pass pass = Pass.of(scope, training);
        NDArray hidden = model.transformer().hidden(ids, pass);
        NDArray logits = model.transformer().logits(hidden, scope.create(rows), pass);
        return new Scored(ids, logits, scope.create(labels));
    }

    @Override
    public int targets(CausalBatch batch) {
        return batch.targets();
    }

    @Override
    public int examples(CausalBatch batch) {
        return batch.ids().length;
    }

    @Override
    public long tokens(CausalBatch batch) {
        return (long) batch.ids().length * batch.ids()[0].length;
    }
}
