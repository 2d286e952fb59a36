package dev.lorikeet.data.number;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.data.DataSplits;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.RowTarget;
import dev.lorikeet.data.Shares;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.text.Tokenizer;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Texts with a number each, to train a regressor on: stars of a review, prices, grades. Immutable. */
public final class ScoredTexts {

    private final String name;
    private final List<String> texts;
    private final List<String> seconds;
    private final double[] numbers;

    private ScoredTexts(String name, List<String> texts, List<String> seconds, double... numbers) {
        this.name = name;
        this.texts = List.copyOf(texts);
        this.seconds = List.copyOf(seconds);
        this.numbers = numbers;
    }

    /**
     * Takes the rows of a table.
     *
     * @param numberColumn numbers, or texts that are written as such
     * @throws dev.lorikeet.base.UnknownNameException if there is no such column
     * @throws BadArgumentException if the table is empty, or a row has no finite number; it names the row
     */
    public static ScoredTexts of(Table table, String textColumn, String numberColumn) {
        return of(table, Columns.strings(table, textColumn), List.of(), numberColumn);
    }

    /**
     * Takes rows of two texts that the model reads together, such as a question and a passage; encoders can.
     *
     * @see #of(Table, String, String)
     */
    public static ScoredTexts of(Table table, String textColumn, String secondColumn, String numberColumn) {
        return of(table, Columns.strings(table, textColumn), Columns.strings(table, secondColumn), numberColumn);
    }

    private static ScoredTexts of(Table table, List<String> texts, List<String> seconds, String numberColumn) {
        Column<?> column = Columns.of(table, numberColumn);
        BadArgumentException.unless(!texts.isEmpty(), "table", table.name(), "a table with rows");
        double[] numbers = IntStream.range(0, texts.size())
                .mapToDouble(row -> number(column, row, numberColumn))
                .toArray();
        return new ScoredTexts(table.name() == null ? "Texts with numbers" : table.name(), texts, seconds, numbers);
    }

    private static double number(Column<?> column, int row, String name) {
        double number;
        try {
            number = column instanceof NumericColumn<?> numeric
                    ? numeric.getDouble(row)
                    : Double.parseDouble(column.getString(row));
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        BadArgumentException.unless(
                Float.isFinite((float) number),
                "\"%s\" of row %d".formatted(name, row + 1),
                column.getString(row),
                "a number, such as 3.5");
        return number;
    }

    /** The texts in their order. */
    public List<String> texts() {
        return texts;
    }

    /** The other texts of pairs in their order; empty where each row is one text. */
    public List<String> seconds() {
        return seconds;
    }

    /** The numbers in the order of the texts. */
    public double[] numbers() {
        return numbers.clone();
    }

    /** The number of texts. */
    public int size() {
        return texts.size();
    }

    /** The least, the greatest and the mean number. */
    public DoubleSummaryStatistics range() {
        return Arrays.stream(numbers).summaryStatistics();
    }

    /** Splits the texts into training and test; see {@link #split(double, double)}. */
    public DataSplits<ScoredTexts> split(double train) {
        return split(train, 0);
    }

    /** Splits with the seed 123; see {@link #split(double, double, long)}. */
    public DataSplits<ScoredTexts> split(double train, double validation) {
        return split(train, validation, Shares.SEED);
    }

    /**
     * Shuffles the texts and splits them into training, validation and test, which gets the rest. The same seed gives the same split.
     *
     * @param train share of the texts, above 0
     * @param validation share of the texts; with {@code train} at most 1
     */
    public DataSplits<ScoredTexts> split(double train, double validation, long seed) {
        return new Shares(train, validation).shuffled(size(), seed).map(this::rows);
    }

    private ScoredTexts rows(int... rows) {
        return new ScoredTexts(
                name,
                Arrays.stream(rows).mapToObj(texts::get).toList(),
                seconds.isEmpty()
                        ? seconds
                        : Arrays.stream(rows).mapToObj(seconds::get).toList(),
                Arrays.stream(rows).mapToDouble(row -> numbers[row]).toArray());
    }

    /**
     * Tokenises the texts, each cut to so many tokens; an empty one becomes one padding token.
     *
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted
     */
    public Examples encode(Tokenizer tokenizer, int longest) {
        List<RowTarget> targets = Arrays.stream(numbers)
                .<RowTarget>mapToObj(number -> new RowTarget.Number((float) number))
                .toList();
        return Examples.encode(texts, seconds, targets, tokenizer, longest);
    }

    @Override
    public String toString() {
        DoubleSummaryStatistics range = range();
        return size() == 0
                ? name + ": no texts"
                : String.format(
                        Locale.ROOT,
                        "%s: %s; numbers from %.4g to %.4g, mean %.4g",
                        name,
                        Quantities.counted(size(), "text"),
                        range.getMin(),
                        range.getMax(),
                        range.getAverage());
    }
}
