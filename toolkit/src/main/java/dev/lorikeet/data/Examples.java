package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.text.Tokenizer;
import java.util.AbstractList;
import java.util.List;
import java.util.Locale;
import java.util.RandomAccess;
import java.util.function.BiFunction;
import tech.tablesaw.api.Table;

/** The tokenised rows of a table, in table order; an immutable list. */
public final class Examples extends AbstractList<Example> implements RandomAccess {

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
     * Tokenises the columns {@code label} and {@code text}. An empty text becomes one padding token; a text with
     * more than {@code maxLength} tokens is truncated (see {@link #truncated}).
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
        Example[] examples = new Example[texts.size()];
        int truncated = 0;
        BiFunction<String, Long, Progress> display =
                examples.length < ROWS_WITH_PROGRESS ? Progress::silent : Progress::start;
        try (Progress progress = display.apply("Tokenising", (long) examples.length)) {
            for (int row = 0; row < examples.length; row++) {
                StoppedException.check("Tokenising was interrupted");
                int[] ids = tokenizer.encodeCut(texts.get(row), maxLength);
                // One that is as long as it may be was cut, unless that is its own length.
                truncated +=
                        ids.length == maxLength && tokenizer.encode(texts.get(row), true).length > maxLength ? 1 : 0;
                examples[row] = example(usable(ids, tokenizer), given.get(row), labels, several);
                progress.at(row + 1L, "");
            }
        }
        return new Examples(List.of(examples), truncated, maxLength);
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

    private static int[] usable(int[] ids, Tokenizer tokenizer) {
        return ids.length == 0 ? new int[] {tokenizer.pad().orElse(0)} : ids;
    }

    private static Example example(int[] ids, String cell, List<String> labels, boolean several) {
        if (!several) {
            return new Example(ids, LabelCells.index(cell, labels));
        }
        return new Example(ids, new RowTarget.SeveralLabels(LabelCells.flags(cell, labels)));
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
