package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.text.Tokenizer;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.RandomAccess;
import java.util.function.BiFunction;
import tech.tablesaw.api.Table;

/** The tokenised rows of a table, in table order; an immutable list. */
public final class Examples extends AbstractList<Example> implements RandomAccess, Serializable {

    /** Fewer rows are tokenised too fast to need a progress bar. */
    private static final int ROWS_WITH_PROGRESS = 5000;

    private final List<Example> examples;
    private final int truncated;
    private final int maxLength;

    private Examples(List<Example> examples, int truncated, int maxLength) {
        this.examples = examples;
        this.truncated = truncated;
        this.maxLength = maxLength;
    }

    /**
     * Tokenises the columns {@code label} and {@code text}, and {@code second} where rows are pairs of texts. An empty text becomes
     * one padding token; a text with more than {@code maxLength} tokens is truncated (see {@link #truncated}).
     *
     * @param labels the classes in their order, as {@link Splits#labels} gives them
     * @param maxLength maximum tokens of an example, such as the model's context length
     * @throws UnknownNameException if a row's label is not in {@code labels}, or a column is missing
     * @throws StoppedException if the thread is interrupted
     */
    public static Examples encode(Table table, Tokenizer tokenizer, List<String> labels, int maxLength) {
        return encode(table, tokenizer, labels, maxLength, false);
    }

    /**
     * Tokenises texts as {@link #encode(Table, Tokenizer, List, int)} does.
     *
     * @param several whether a text may have several labels, which the column {@code label} holds as a JSON list
     */
    public static Examples encode(
            Table table, Tokenizer tokenizer, List<String> labels, int maxLength, boolean several) {
        BadArgumentException.unless(maxLength > 0, "maxLength", maxLength, "at least 1 token");
        List<String> given = Columns.strings(table, Columns.LABEL);
        List<String> texts = Columns.strings(table, Columns.TEXT);
        List<String> seconds =
                table.containsColumn(Columns.SECOND) ? Columns.strings(table, Columns.SECOND) : List.of();
        List<RowTarget> targets =
                given.stream().map(cell -> target(cell, labels, several)).toList();
        return encode(texts, seconds, targets, tokenizer, maxLength);
    }

    /**
     * Tokenises texts, or pairs of them, that have targets already.
     *
     * @param seconds of the pairs; empty where each row is one text
     */
    public static Examples encode(
            List<String> texts,
            List<String> seconds,
            List<? extends RowTarget> targets,
            Tokenizer tokenizer,
            int maxLength) {
        List<Example> examples = new ArrayList<>();
        int truncated = 0;
        BiFunction<String, Long, Progress> display =
                texts.size() < ROWS_WITH_PROGRESS ? Progress::silent : Progress::start;
        try (Progress progress = display.apply("Tokenising", (long) texts.size())) {
            for (int i = 0; i < texts.size(); i++) {
                StoppedException.check("Tokenising was interrupted");
                Row row = seconds.isEmpty()
                        ? row(texts.get(i), tokenizer, maxLength)
                        : row(texts.get(i), seconds.get(i), tokenizer, maxLength);
                truncated += row.isCut ? 1 : 0;
                examples.add(new Example(row.ids, row.segmentIds, targets.get(i)));
                progress.at(i + 1L, "");
            }
        }
        return of(examples, truncated, maxLength);
    }

    /**
     * Takes examples that are made.
     *
     * @param truncated how many of them were longer
     * @param maxLength maximum tokens of an example
     */
    public static Examples of(List<Example> examples, int truncated, int maxLength) {
        return new Examples(List.copyOf(examples), truncated, maxLength);
    }

    /** The tokens of a row, and whether there would be more. */
    private record Row(int[] ids, int[] segmentIds, boolean isCut) {}

    private static Row row(String text, Tokenizer tokenizer, int longest) {
        int[] ids = tokenizer.encodeCut(text, longest);
        // One that is as long as it may be was cut, unless that is its own length.
        boolean isCut = ids.length == longest && tokenizer.encode(text, true).length > longest;
        return new Row(ids.length == 0 ? new int[] {tokenizer.pad().orElse(0)} : ids, null, isCut);
    }

    private static Row row(String text, String second, Tokenizer tokenizer, int longest) {
        Tokenizer.EncodedPair pair = tokenizer.encodePair(text, second, longest);
        boolean isCut = pair.ids().length == longest
                && tokenizer.encodePair(text, second, Integer.MAX_VALUE).ids().length > longest;
        return new Row(pair.ids(), pair.segmentIds(), isCut);
    }

    private static RowTarget target(String cell, List<String> labels, boolean several) {
        return several
                ? new RowTarget.SeveralLabels(LabelCells.flags(cell, labels))
                : new RowTarget.OneLabel(LabelCells.index(cell, labels));
    }

    @Override
    public Example get(int index) {
        return examples.get(index);
    }

    @Override
    public int size() {
        return examples.size();
    }

    /** The number of texts that were longer than the maximum and were truncated. */
    public int truncated() {
        return truncated;
    }

    /** The number of tokens in the longest example; 0 if there is none. */
    public int longest() {
        return examples.stream().mapToInt(Example::length).max().orElse(0);
    }

    /** The number of tokens in all examples. */
    public long tokens() {
        return examples.stream().mapToLong(Example::length).sum();
    }

    @Override
    public String toString() {
        String truncation =
                truncated == 0 ? "" : String.format(Locale.ROOT, ", %,d truncated to %,d", truncated, maxLength);
        return String.format(
                Locale.ROOT, "%,d examples, %,d tokens, longest %,d%s", size(), tokens(), longest(), truncation);
    }
}
