package dev.lorikeet.model;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Classifies many texts in batches of similar length, which saves most of the padding. */
final class BatchClassification {

    private static final int MOST_ROWS = 16;
    private static final int MOST_TOKENS = 4096;

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
        List<Integer> order = IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparingInt(row -> ids[row].length))
                .toList();
        try (Progress progress = progress()) {
            for (int start = 0; start < ids.length; ) {
                StoppedException.check("Classifying was stopped after %d of %d texts".formatted(start, ids.length));
                int end = end(order, start);
                classify(order.subList(start, end));
                progress.at(end, "");
                start = end;
            }
        }
        return new Predictions(Arrays.asList(predictions));
    }

    private Progress progress() {
        return ids.length < TEXTS_WITH_PROGRESS
                ? Progress.silent("Classifying", ids.length)
                : Progress.start("Classifying", ids.length);
    }

    private int end(List<Integer> order, int start) {
        int end = start + 1;
        while (end < order.size() && end - start < MOST_ROWS && fits(order, start, end)) {
            end++;
        }
        return end;
    }

    /** Whether a batch may go on with a text, the longest so far. */
    private boolean fits(List<Integer> order, int start, int next) {
        int width = model.paddedLength().orElse(ids[order.get(next)].length);
        // The last position must be the text's own, as it is for a single text, unless each is padded alike.
        boolean padded = model.paddedLength().isEmpty() && width > ids[order.get(start)].length;
        return (next - start + 1L) * width <= MOST_TOKENS
                && !(padded && model.pooling() == Classifier.Pooling.LAST_POSITION);
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
