package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import tech.tablesaw.api.Table;

/** Labelled texts to shuffle and split. Immutable: each setter returns a new object. */
public final class TextData {

    private static final long SEED = 123;

    private final Table table;
    private final String labelColumn;
    private final String textColumn;
    private final boolean balanced;
    private final long seed;
    private final SortedMap<String, List<Integer>> rows;

    private TextData(Table table, String labelColumn, String textColumn, boolean balanced, long seed) {
        this.table = table;
        this.labelColumn = labelColumn;
        this.textColumn = textColumn;
        this.balanced = balanced;
        this.seed = seed;
        this.rows = rowsByLabel(table, labelColumn);
        BadArgumentException.unless(
                !balanced || rows.size() > 1, "column " + labelColumn, rows.keySet(), "at least two labels to balance");
    }

    /** Takes all rows of a table with the columns {@code label} and {@code text}. */
    public static TextData of(Table table) {
        return of(table, Columns.LABEL);
    }

    /** Takes all rows of a table with labels in {@code labelColumn}. */
    public static TextData of(Table table, String labelColumn) {
        return new TextData(table, labelColumn, Columns.TEXT, false, SEED);
    }

    /**
     * Takes as many rows of each label as the rarest label has, drawn with the seed.
     *
     * @throws UnknownNameException if there is no such column
     * @throws BadArgumentException if the table is empty, a label is missing, or all are the same
     */
    public static TextData balanced(Table table, String labelColumn) {
        return new TextData(table, labelColumn, Columns.TEXT, true, SEED);
    }

    /** Takes the texts from this column; "text" by default. */
    public TextData text(String column) {
        Columns.of(table, column);
        return new TextData(table, labelColumn, column, balanced, seed);
    }

    /** Shuffles with this seed; 123 by default. */
    public TextData seed(long seed) {
        return new TextData(table, labelColumn, textColumn, balanced, seed);
    }

    /**
     * Shuffles and splits the rows: the first part for training, the next for validation, the rest for the test.
     * The tables have the columns {@code label} and {@code text}. The same seed gives the same split.
     *
     * @param train share of the rows, above 0
     * @param validation share of the rows; with {@code train} at most 1
     * @throws BadArgumentException if a share is out of range, or so small that there is no row to train on
     */
    public Splits split(double train, double validation) {
        BadArgumentException.unless(train > 0 && train <= 1, "train", train, "a share above 0 and up to 1");
        BadArgumentException.unless(
                validation >= 0 && train + validation <= 1 + 1e-9,
                "validation",
                validation,
                "0 or more, and with train (" + train + ") at most 1");
        List<Integer> order = order();
        int trainEnd = (int) (order.size() * train);
        int validationEnd = Math.min(order.size(), trainEnd + (int) (order.size() * validation));
        BadArgumentException.unless(
                trainEnd > 0, "train", train, "a share that holds at least one of " + order.size() + " rows");
        List<String> labels = Columns.strings(table, labelColumn);
        List<String> texts = Columns.strings(table, textColumn);
        return new Splits(
                part("train", labels, texts, order.subList(0, trainEnd)),
                part("validation", labels, texts, order.subList(trainEnd, validationEnd)),
                part("test", labels, texts, order.subList(validationEnd, order.size())));
    }

    private Table part(String name, List<String> labels, List<String> texts, List<Integer> chosen) {
        return Columns.table(
                name() + ", " + name,
                chosen.stream().map(labels::get).toList(),
                chosen.stream().map(texts::get).toList());
    }

    /** Returns the selected rows, shuffled. One generator shuffles first each label in order and then all rows. */
    private List<Integer> order() {
        Random random = new Random(seed);
        List<Integer> order = new ArrayList<>();
        if (balanced) {
            for (List<Integer> group : rows.values()) {
                List<Integer> shuffled = new ArrayList<>(group);
                Collections.shuffle(shuffled, random);
                order.addAll(shuffled.subList(0, rarest()));
            }
        } else {
            for (int row = 0; row < table.rowCount(); row++) {
                order.add(row);
            }
        }
        Collections.shuffle(order, random);
        return order;
    }

    private String name() {
        return table.name() == null ? "Texts" : table.name();
    }

    private int rarest() {
        return rows.values().stream().mapToInt(List::size).min().orElseThrow();
    }

    private static SortedMap<String, List<Integer>> rowsByLabel(Table table, String labelColumn) {
        SortedMap<String, List<Integer>> rows = new TreeMap<>();
        List<String> labels = Columns.strings(table, labelColumn);
        BadArgumentException.unless(!labels.isEmpty(), "table", table.name(), "a table with rows");
        for (int row = 0; row < labels.size(); row++) {
            BadArgumentException.unless(
                    !labels.get(row).isEmpty(), labelColumn + " of row " + row, "", "a label in every row");
            rows.computeIfAbsent(labels.get(row), label -> new ArrayList<>()).add(row);
        }
        return rows;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name()).append(": ");
        int used = balanced ? rarest() * rows.size() : table.rowCount();
        text.append(String.format(Locale.ROOT, "%,d of %,d rows", used, table.rowCount()));
        rows.forEach((label, group) ->
                text.append(String.format(Locale.ROOT, ", %,d %s", balanced ? rarest() : group.size(), label)));
        return text.toString();
    }
}
