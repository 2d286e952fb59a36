package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import dev.lorikeet.model.Classifier;
import java.util.Arrays;

/**
 * Predicts the label of each text.
 *
 * @param classWeights of each label in the loss; empty: all count once
 */
public record ClassifierObjective(Classifier model, double... classWeights) implements Objective<Batch> {

    @Override
    public LossInput lossInput(Batch batch) {
        long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
        return new RowInput(
                model.input(batch.ids(), batch.lengths()),
                model.rows(batch.lengths(), batch.width()),
                labels,
                batch.flags(),
                weights(batch));
    }

    /** The weight of each text; null if all count once. */
    private float[] weights(Batch batch) {
        if (classWeights.length == 0) {
            return null;
        }
        float[] weights = new float[batch.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) classWeights[batch.labels()[i]];
        }
        return weights;
    }

    @Override
    public double weight(Batch batch) {
        return classWeights.length == 0
                ? targets(batch)
                : Arrays.stream(batch.labels())
                        .mapToDouble(label -> classWeights[label])
                        .sum();
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
