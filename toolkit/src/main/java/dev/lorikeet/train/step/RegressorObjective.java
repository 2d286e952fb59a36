package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.model.Regressor;

/** Predicts the number of each text. */
public record RegressorObjective(Regressor model) implements Objective {

    @Override
    public LossInput lossInput(Batch batch) {
        float[] numbers = new float[batch.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = ((RowTarget.Number) batch.targets().get(i)).value();
        }
        return new RowInput(
                model.input(batch.ids(), batch.lengths(), batch.segmentIds()),
                model.rows(batch.lengths(), batch.width()),
                new RowLabels.Numbers(numbers),
                null);
    }
}
