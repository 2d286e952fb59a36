package dev.lorikeet.train;

import dev.lorikeet.data.Batch;
import dev.lorikeet.model.Classifier;
import java.util.Arrays;

/** Predicts the label of each text. */
record ClassifierObjective(Classifier model) implements Objective<Batch> {

    @Override
    public LossInput lossInput(Batch batch) {
        long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
        return new LossInput(batch.ids(), null, model.rows(batch.lengths(), batch.width()), labels);
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

    @Override
    public long positions(Batch batch) {
        return (long) batch.size() * batch.width();
    }
}
