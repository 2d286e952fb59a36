package dev.lorikeet.model;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.input.SimilarLengths;
import java.util.Arrays;
import java.util.List;

/** Classifies many texts in batches of similar length, which saves most of the padding. */
final class BatchClassification {

    /** Fewer texts are done too soon to need a progress bar. */
    private static final int TEXTS_WITH_PROGRESS = 50;

    private final Classifier model;
    private final List<String> texts;
    private final int[][] ids;
    private final Prediction[] predictions;

    BatchClassification(Classifier model, List<String> texts) {
        this.model = model;
        this.texts = texts;
        this.ids = new int[texts.size()][];
        this.predictions = new Prediction[texts.size()];
    }

    Predictions run() {
        for (int i = 0; i < ids.length; i++) {
            int[] row = model.encodeCut(texts.get(i));
            // An evaluation takes an empty text so too.
            ids[i] = row.length == 0 ? new int[] {model.padId()} : row;
        }
        int[] widths = Arrays.stream(ids)
                .mapToInt(row -> model.paddedLength().orElse(row.length))
                .toArray();
        // The last position must be the text's own, as it is for a single text, unless each is padded alike.
        boolean anyLength = model.pooling() != Classifier.Pooling.LAST_POSITION;
        int done = 0;
        try (Progress progress = progress()) {
            for (List<Integer> rows : SimilarLengths.batches(
                    widths, (shorter, longer) -> anyLength || widths[shorter] == widths[longer])) {
                StoppedException.check("Classifying was stopped after %d of %d texts".formatted(done, ids.length));
                classify(rows);
                done += rows.size();
                progress.at(done, "");
            }
        }
        return new Predictions(Arrays.asList(predictions));
    }

    private Progress progress() {
        return ids.length < TEXTS_WITH_PROGRESS
                ? Progress.silent("Classifying", ids.length)
                : Progress.start("Classifying", ids.length);
    }

    private void classify(List<Integer> rows) {
        int width = model.paddedLength().orElse(ids[rows.get(rows.size() - 1)].length);
        int[][] batch = new int[rows.size()][];
        int[] lengths = new int[batch.length];
        for (int i = 0; i < batch.length; i++) {
            int[] own = ids[rows.get(i)];
            lengths[i] = own.length;
            batch[i] = model.padded(own, width);
        }
        float[][] logits = model.logits(batch, lengths);
        for (int i = 0; i < batch.length; i++) {
            predictions[rows.get(i)] = model.prediction(texts.get(rows.get(i)), logits[i]);
        }
    }
}
