package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.Columns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Labelled texts to shuffle and split. Immutable: each setter returns a new object. */
public final class TextData implements Renderable {

    private static final int FEWEST_ROWS_TO_JUDGE = 10;
    private static final int MOST_NAMED = 12;

    private final Table table;
    private final String labelColumn;
    private final String textColumn;
    private final String secondColumn;
    private final boolean balanced;
    private final long seed;
    private final SortedMap<String, List<Integer>> rows;

    private TextData(
            Table table, String labelColumn, String textColumn, String secondColumn, boolean balanced, long seed) {
        this.table = table;
        this.labelColumn = labelColumn;
        this.textColumn = textColumn;
        this.secondColumn = secondColumn;
        this.balanced = balanced;
        this.seed = seed;
        this.rows = rowsByLabel(table, labelColumn);
        BadArgumentException.unless(
                !balanced || rows.size() > 1, "column " + labelColumn, rows.keySet(), "at least two labels to balance");
    }

    /**
     * Takes all rows of a table: texts from one column, labels from another.
     *
     * @throws UnknownNameException if there is no such column; it names the columns and the nearest one
     * @throws BadArgumentException if the table is empty, a label is missing, or the two columns are in the wrong order
     */
    public static TextData of(Table table, String textColumn, String labelColumn) {
        return of(table, textColumn, labelColumn, false);
    }

    /** Takes all rows of a table with the columns {@code text} and {@code label}. */
    public static TextData of(Table table) {
        return of(table, Columns.LABEL);
    }

    /** Takes all rows of a table with labels in {@code labelColumn}, and texts in {@code text} or in {@link #text}. */
    public static TextData of(Table table, String labelColumn) {
        return new TextData(table, labelColumn, Columns.TEXT, null, false, Shares.SEED);
    }

    /**
     * Takes as many rows of each label as the rarest label has, drawn with the seed.
     *
     * @throws UnknownNameException if there is no such column; it names the columns and the nearest one
     * @throws BadArgumentException if the table is empty, a label is missing, all are the same, or the two columns are in the
     *     wrong order
     */
    public static TextData balanced(Table table, String textColumn, String labelColumn) {
        return of(table, textColumn, labelColumn, true);
    }

    /** Takes as many rows of each label as the rarest has, with texts in {@code text} or in {@link #text}. */
    public static TextData balanced(Table table, String labelColumn) {
        return new TextData(table, labelColumn, Columns.TEXT, null, true, Shares.SEED);
    }

    private static TextData of(Table table, String textColumn, String labelColumn, boolean balanced) {
        Columns.of(table, textColumn);
        Columns.of(table, labelColumn);
        long labels = Columns.strings(table, labelColumn).stream().distinct().count();
        // In the wrong order, a model would get thousands of classes and fail after it was loaded.
        boolean swapped = table.rowCount() >= FEWEST_ROWS_TO_JUDGE
                && labels > table.rowCount() / 2
                && labels
                        > Columns.strings(table, textColumn).stream().distinct().count();
        BadArgumentException.unless(
                !swapped,
                "label column",
                labelColumn,
                String.format(
                        Locale.ROOT,
                        "a column with few different values; it has %,d in %,d rows. The text column comes first: (table, \"%s\", \"%s\")",
                        labels,
                        table.rowCount(),
                        labelColumn,
                        textColumn));
        return new TextData(table, labelColumn, textColumn, null, balanced, Shares.SEED);
    }

    /** Takes the texts from this column; "text" by default. */
    public TextData text(String column) {
        Columns.of(table, column);
        return new TextData(table, labelColumn, column, secondColumn, balanced, seed);
    }

    /**
     * Takes another text for each row from this column: the model reads both together, such as a statement and what may follow from it.
     * Encoders can.
     */
    public TextData second(String column) {
        Columns.of(table, column);
        return new TextData(table, labelColumn, textColumn, column, balanced, seed);
    }

    /** Shuffles with this seed; 123 by default. */
    public TextData seed(long seed) {
        return new TextData(table, labelColumn, textColumn, secondColumn, balanced, seed);
    }

    /** Splits the rows into training and test; see {@link #split(double, double)}. */
    public Splits split(double train) {
        return split(train, 0);
    }

    /**
     * Shuffles and splits the rows into training, validation and test, which gets the rest. Each part has each label's share to
     * within a row, and training has at least one row of each label; a line names the labels that are too rare for every part.
     * Balanced rows are split at random instead, as in Raschka's book. The same seed gives the same split.
     *
     * @param train share of the rows, above 0
     * @param validation share of the rows; with {@code train} at most 1
     * @return tables with the columns {@code label} and {@code text}, and {@code second} where the rows are pairs
     * @throws BadArgumentException if a share is out of range, or so small that there is no row to train on
     */
    public Splits split(double train, double validation) {
        Shares shares = new Shares(train, validation);
        List<List<Integer>> parts = balanced ? atRandom(shares) : stratified(shares);
        return splits("", parts.get(0), parts.get(1), parts.get(2));
    }

    /**
     * Shuffles the rows and splits them several times for cross-validation: each row is in the test split of one fold, and in the
     * training split of all others. Each fold has each label's share to within a row; a line names the labels with fewer rows than
     * folds. The validation splits are empty. The same seed gives the same folds.
     *
     * @param count at least 2 and at most the number of rows
     */
    public List<Splits> folds(int count) {
        BadArgumentException.unless(
                count >= 2 && count <= used(), "folds", count, "2 to %,d, the number of rows".formatted(used()));
        Random random = new Random(seed);
        Folds folds = new Folds(balanced ? drawn(random) : rows, count);
        String tooRare = folds.tooRare();
        if (!tooRare.isEmpty()) {
            System.out.println("Labels with fewer rows than folds: " + tooRare + ".");
        }
        List<List<Integer>> parts = folds.draw(random);
        return IntStream.range(0, count).mapToObj(fold -> fold(parts, fold)).toList();
    }

    private Splits fold(List<List<Integer>> parts, int fold) {
        List<Integer> others = new ArrayList<>();
        for (int part = 1; part < parts.size(); part++) {
            others.addAll(parts.get((fold + part) % parts.size()));
        }
        return splits("fold " + (fold + 1) + " of " + parts.size() + ", ", others, List.of(), parts.get(fold));
    }

    private Splits splits(String of, List<Integer> train, List<Integer> validation, List<Integer> test) {
        List<String> labels = Columns.strings(table, labelColumn);
        List<String> texts = Columns.strings(table, textColumn);
        return new Splits(
                part(of + "train", labels, texts, train),
                part(of + "validation", labels, texts, validation),
                part(of + "test", labels, texts, test));
    }

    private List<List<Integer>> stratified(Shares shares) {
        shares.trainRows(table.rowCount());
        Stratified split = new Stratified(rows, shares);
        String tooRare = split.tooRare();
        if (!tooRare.isEmpty()) {
            System.out.println("Labels with too few rows for every part: " + tooRare + ".");
        }
        return split.draw(new Random(seed));
    }

    private List<List<Integer>> atRandom(Shares shares) {
        List<Integer> order = order();
        int trainEnd = shares.trainRows(order.size());
        int validationEnd = trainEnd + shares.validationRows(order.size());
        return List.of(
                order.subList(0, trainEnd),
                order.subList(trainEnd, validationEnd),
                order.subList(validationEnd, order.size()));
    }

    private Table part(String name, List<String> labels, List<String> texts, List<Integer> chosen) {
        Table part = Columns.table(
                name() + ", " + name,
                chosen.stream().map(labels::get).toList(),
                chosen.stream().map(texts::get).toList());
        if (secondColumn != null) {
            List<String> seconds = Columns.strings(table, secondColumn);
            part.addColumns(StringColumn.create(
                    Columns.SECOND, chosen.stream().map(seconds::get).toList()));
        }
        return part;
    }

    /** Returns the balanced rows, shuffled. One generator shuffles first each label in order and then all rows. */
    private List<Integer> order() {
        Random random = new Random(seed);
        List<Integer> order = new ArrayList<>();
        drawn(random).values().forEach(order::addAll);
        Collections.shuffle(order, random);
        return order;
    }

    /** Draws as many rows of each label as the rarest has. */
    private SortedMap<String, List<Integer>> drawn(Random random) {
        SortedMap<String, List<Integer>> drawn = new TreeMap<>();
        rows.forEach((label, group) -> {
            List<Integer> shuffled = new ArrayList<>(group);
            Collections.shuffle(shuffled, random);
            drawn.put(label, shuffled.subList(0, rarest()));
        });
        return drawn;
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

    private int used() {
        return balanced ? rarest() * rows.size() : table.rowCount();
    }

    private int used(String label) {
        return balanced ? rarest() : rows.get(label).size();
    }

    private String size() {
        return String.format(Locale.ROOT, "%s: %,d of %,d rows", name(), used(), table.rowCount());
    }

    @Override
    public String html() {
        HtmlTable html = HtmlTable.of(labelColumn, "rows", "share").title(size());
        rows.keySet().stream()
                .limit(MOST_NAMED)
                .forEach(label -> html.row(
                        label, used(label), String.format(Locale.ROOT, "%.1f %%", 100.0 * used(label) / used())));
        return html.caption(rows.size() <= MOST_NAMED ? "" : Quantities.counted(rows.size() - MOST_NAMED, "more label"))
                .html();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(size());
        rows.keySet().stream()
                .limit(MOST_NAMED)
                .forEach(label -> text.append(String.format(Locale.ROOT, ", %,d %s", used(label), label)));
        return rows.size() <= MOST_NAMED
                ? text.toString()
                : text.append(", ")
                        .append(Quantities.counted(rows.size() - MOST_NAMED, "more label"))
                        .toString();
    }
}
