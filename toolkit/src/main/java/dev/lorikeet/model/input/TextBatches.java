package dev.lorikeet.model.input;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Many texts in batches of similar length, which saves most of the padding.
 *
 * @param doing what is done with them, such as "Classifying"
 * @param padId id of the padding token
 * @param width to which every text is padded; empty: to the longest of its batch
 * @param anyLength whether texts of several lengths may share a batch
 */
public record TextBatches(String doing, int padId, OptionalInt width, boolean anyLength) {

    /** Fewer texts are done too soon to need a progress bar. */
    private static final int TEXTS_WITH_PROGRESS = 50;

    /**
     * A batch.
     *
     * @param numbers of the texts, in the order of the rows
     * @param ids [rows][width], padded on the right
     * @param tokenTypes [rows][width] of rows with two texts; null where each is one
     * @param lengths [rows] without padding
     */
    public record TextBatch(List<Integer> numbers, int[][] ids, int[][] tokenTypes, int[] lengths) {}

    /** Batches that are padded to their longest. */
    public static TextBatches of(String doing, int padId) {
        return new TextBatches(doing, padId, OptionalInt.empty(), true);
    }

    /**
     * Does some work with each batch.
     *
     * @param texts each of at least one token, all of one text or all of two
     * @throws StoppedException if the thread is interrupted
     */
    public void each(List<TextRow> texts, Consumer<TextBatch> work) {
        int[] widths =
                texts.stream().mapToInt(row -> width.orElse(row.ids().length)).toArray();
        int done = 0;
        try (Progress progress = texts.size() < TEXTS_WITH_PROGRESS
                ? Progress.silent(doing, texts.size())
                : Progress.start(doing, texts.size())) {
            for (List<Integer> rows : SimilarLengths.batches(
                    widths, (shorter, longer) -> anyLength || widths[shorter] == widths[longer])) {
                StoppedException.check("%s was stopped after %d of %d texts".formatted(doing, done, texts.size()));
                work.accept(rows(rows, texts));
                done += rows.size();
                progress.at(done, "");
            }
        }
    }

    private TextBatch rows(List<Integer> numbers, List<TextRow> texts) {
        int longest = width.orElse(texts.get(numbers.get(numbers.size() - 1)).ids().length);
        int[][] ids = new int[numbers.size()][];
        int[][] types = texts.get(0).tokenTypes() == null ? null : new int[ids.length][];
        int[] lengths = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            TextRow own = texts.get(numbers.get(i));
            lengths[i] = own.ids().length;
            ids[i] = Arrays.copyOf(own.ids(), longest);
            Arrays.fill(ids[i], lengths[i], longest, padId);
            if (types != null) {
                types[i] = Arrays.copyOf(own.tokenTypes(), longest);
            }
        }
        return new TextBatch(numbers, ids, types, lengths);
    }
}
