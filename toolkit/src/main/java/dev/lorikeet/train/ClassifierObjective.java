package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.data.Batch;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Pass;
import java.util.Arrays;

/** One label for each text. */
record ClassifierObjective(Classifier model) implements Objective<Batch> {

    @Override
    public Scored score(NDManager scope, Batch batch, boolean training) {
        NDArray ids = model.ids(scope, batch.ids());
        NDArray logits = model.logits(ids, batch.lengths(), Pass.of(scope, training));
        long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
        return new Scored(ids, logits, scope.create(labels, new Shape(labels.length)));
    }

    @Override
    public int targets(Batch batch) {
        return batch.size();
    }

    @Override
    public int examples(Batch batch) {
        return batch.size();
    }

    @Override
    public long tokens(Batch batch) {
        return batch.tokens();
    }
}
