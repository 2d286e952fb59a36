package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.text.Tokenizer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.RandomAccess;
import java.util.function.BiFunction;
import tech.tablesaw.api.Table;

/** The tokenised rows of a table, in their order; a list that cannot be changed. */
public final class Examples extends AbstractList<Example> implements RandomAccess {

    /** Fewer rows are done before a bar could be read. */
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
     * Tokenises the columns {@code label} and {@code text}. An empty text becomes one padding token, so that a model has
     * something to read; one with more than {@code maxLength} tokens loses the rest (see {@link #truncated}).
     *
     * @param labels the classes in their order, as {@link Splits#labels} gives them
     * @param maxLength most tokens of an example, such as the model's context length
     * @throws UnknownNameException if a row's label is not among {@code labels}, or a column is missing
     * @throws StoppedException if the thread is interrupted
     */
    public static Examples encode(Table table, Tokenizer tokenizer, List<String> labels, int maxLength) {
        BadArgumentException.unless(maxLength > 0, "maxLength", maxLength, "at least 1 token");
        List<String> given = Columns.strings(table, Columns.LABEL);
        List<String> texts = Columns.strings(table, Columns.TEXT);
        Example[] examples = new Example[texts.size()];
        int truncated = 0;
        BiFunction<String, Long, Progress> display =
                examples.length < ROWS_WITH_PROGRESS ? Progress::silent : Progress::start;
        try (Progress progress = display.apply("Tokenising", (long) examples.length)) {
            for (int row = 0; row < examples.length; row++) {
                StoppedException.check("Tokenising was stopped; nothing was changed.");
                int[] ids = tokenizer.encode(texts.get(row), true);
                truncated += ids.length > maxLength ? 1 : 0;
                examples[row] = new Example(usable(ids, tokenizer, maxLength), place(given.get(row), labels));
                progress.at(row + 1L, "");
            }
        }
        return new Examples(List.of(examples), truncated, maxLength);
    }

    private static int[] usable(int[] ids, Tokenizer tokenizer, int maxLength) {
        return ids.length == 0
                ? new int[] {tokenizer.pad().orElse(0)}
                : ids.length > maxLength ? Arrays.copyOf(ids, maxLength) : ids;
    }

    private static int place(String label, List<String> labels) {
        int place = labels.indexOf(label);
        if (place < 0) {
            throw new UnknownNameException("label", label, labels);
        }
        return place;
    }

    @Override
    public Example get(int index) {
        return examples.get(index);
    }

    @Override
    public int size() {
        return examples.size();
    }

    /** How many texts were longer than the maximum and lost their end. */
    public int truncated() {
        return truncated;
    }

    /** Tokens of the longest example; 0 if there is none. */
    public int longest() {
        return examples.stream().mapToInt(Example::length).max().orElse(0);
    }

    /** Tokens of all examples. */
    public long tokens() {
        return examples.stream().mapToLong(Example::length).sum();
    }

    @Override
    public String toString() {
        String cut = truncated == 0 ? "" : String.format(Locale.ROOT, ", %,d truncated to %,d", truncated, maxLength);
        return String.format(Locale.ROOT, "%,d examples, %,d tokens, longest %,d%s", size(), tokens(), longest(), cut);
    }
}
