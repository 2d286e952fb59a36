package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.model.Classifier;
import java.util.Arrays;

/**
 * Predicts the label of each text.
 *
 * @param classWeights of each label in the loss; empty: all count once
 */
public record ClassifierObjective(Classifier model, double... classWeights) implements Objective {

    @Override
    public LossInput lossInput(Batch batch) {
        return new RowInput(
                model.input(batch.ids(), batch.lengths(), batch.segmentIds()),
                model.rows(batch.lengths(), batch.width()),
                labels(batch),
                weights(batch));
    }

    private static RowLabels labels(Batch batch) {
        return batch.targets().get(0) instanceof RowTarget.SeveralLabels
                ? new RowLabels.ClassSets(batch.targets().stream()
                        .map(target -> ((RowTarget.SeveralLabels) target).holding())
                        .toArray(boolean[][]::new))
                : new RowLabels.Classes(
                        Arrays.stream(batch.labels()).asLongStream().toArray());
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
                ? batch.targetCount()
                : Arrays.stream(batch.labels())
                        .mapToDouble(label -> classWeights[label])
                        .sum();
    }
}
