package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.model.Tagger;

/** Predicts the tag of each word. */
public record TaggerObjective(Tagger model) implements Objective {

    @Override
    public LossInput lossInput(Batch batch) {
        int width = batch.width();
        long[] rows = new long[batch.targetCount()];
        long[] labels = new long[rows.length];
        int next = 0;
        int[][] tags = batch.tokenLabels();
        for (int i = 0; i < tags.length; i++) {
            for (int j = 0; j < width; j++) {
                if (tags[i][j] != RowTarget.IGNORED) {
                    rows[next] = (long) i * width + j;
                    labels[next++] = tags[i][j];
                }
            }
        }
        return new RowInput(model.input(batch.ids(), batch.lengths()), rows, new RowLabels.Classes(labels), null);
    }
}
