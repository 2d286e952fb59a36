package dev.lorikeet.train.score;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Precision, recall and F1 of each label with their averages, as scikit-learn's classification_report computes them. A share of
 * nothing counts as 0.
 *
 * @param classes a row for each label, in the order of the classes
 * @param macro the plain mean over the labels
 * @param weighted the mean over the labels, weighted by their numbers of texts
 * @param accuracy the share of texts whose prediction is correct, with several labels each of them, 0 to 1; NaN if there are no texts
 */
public record ClassificationReport(List<ClassScore> classes, ClassScore macro, ClassScore weighted, double accuracy)
        implements Renderable {

    /**
     * The figures of one label, or an average.
     *
     * @param label or the name of the average
     * @param precision the share of its predictions that are correct, 0 to 1
     * @param recall the share of its texts that are predicted correctly, 0 to 1
     * @param f1 the harmonic mean of both, 0 to 1
     * @param support its number of texts
     */
    public record ClassScore(String label, double precision, double recall, double f1, int support) {}

    public ClassificationReport {
        classes = List.copyOf(classes);
    }

    static ClassificationReport of(ConfusionMatrix matrix) {
        List<ClassScore> classes = matrix.labels().stream()
                .map(label -> new ClassScore(
                        label,
                        orZero(matrix.precision(label)),
                        orZero(matrix.recall(label)),
                        orZero(matrix.f1(label)),
                        texts(matrix, label)))
                .toList();
        return new ClassificationReport(
                classes,
                mean("macro average", classes, row -> 1),
                mean("weighted average", classes, ClassScore::support),
                matrix.accuracy());
    }

    /**
     * Counts each label by itself, where a text may have several.
     *
     * @param actual of each text, whether each label holds
     * @param predicted the same as the model says
     */
    public static ClassificationReport ofEach(List<String> labels, List<boolean[]> actual, List<boolean[]> predicted) {
        List<ClassScore> classes = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            int both = 0;
            int said = 0;
            int held = 0;
            for (int row = 0; row < actual.size(); row++) {
                said += predicted.get(row)[label] ? 1 : 0;
                held += actual.get(row)[label] ? 1 : 0;
                both += predicted.get(row)[label] && actual.get(row)[label] ? 1 : 0;
            }
            double f1 = said + held == 0 ? 0 : 2.0 * both / (said + held);
            classes.add(new ClassScore(labels.get(label), share(both, said), share(both, held), f1, held));
        }
        long right = IntStream.range(0, actual.size())
                .filter(row -> Arrays.equals(actual.get(row), predicted.get(row)))
                .count();
        return new ClassificationReport(
                classes,
                mean("macro average", classes, row -> 1),
                mean("weighted average", classes, ClassScore::support),
                actual.isEmpty() ? Double.NaN : (double) right / actual.size());
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static double orZero(double share) {
        return Double.isNaN(share) ? 0 : share;
    }

    private static int texts(ConfusionMatrix matrix, String label) {
        return matrix.labels().stream()
                .mapToInt(predicted -> matrix.count(label, predicted))
                .sum();
    }

    private static ClassScore mean(String name, List<ClassScore> rows, ToDoubleFunction<ClassScore> weight) {
        double sum = rows.stream().mapToDouble(weight).sum();
        double divisor = sum == 0 ? 1 : sum;
        return new ClassScore(
                name,
                total(rows, weight, ClassScore::precision) / divisor,
                total(rows, weight, ClassScore::recall) / divisor,
                total(rows, weight, ClassScore::f1) / divisor,
                rows.stream().mapToInt(ClassScore::support).sum());
    }

    private static double total(
            List<ClassScore> rows, ToDoubleFunction<ClassScore> weight, ToDoubleFunction<ClassScore> value) {
        return rows.stream()
                .mapToDouble(row -> weight.applyAsDouble(row) * value.applyAsDouble(row))
                .sum();
    }

    /** A table with the columns "label", "precision", "recall", "f1" (each 0 to 1) and "support"; the averages come last. */
    public Table table() {
        List<ClassScore> rows = rows();
        return Tables.create(
                title(),
                StringColumn.create(
                        "label", rows.stream().map(ClassScore::label).toList()),
                shares("precision", rows, ClassScore::precision),
                shares("recall", rows, ClassScore::recall),
                shares("f1", rows, ClassScore::f1),
                IntColumn.create(
                        "support", rows.stream().mapToInt(ClassScore::support).toArray()));
    }

    private static DoubleColumn shares(String name, List<ClassScore> rows, ToDoubleFunction<ClassScore> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }

    private List<ClassScore> rows() {
        List<ClassScore> rows = new ArrayList<>(classes);
        rows.add(macro);
        rows.add(weighted);
        return rows;
    }

    private String title() {
        return String.format(Locale.ROOT, "%,d texts, accuracy %.2f %%", macro.support(), 100 * accuracy);
    }

    @Override
    public String toString() {
        int width = rows().stream().mapToInt(row -> row.label().length()).max().orElse(0);
        StringBuilder text = new StringBuilder(title());
        text.append(String.format("%n%-" + width + "s %10s %10s %10s %10s", "", "Precision", "Recall", "F1", "Texts"));
        for (ClassScore row : rows()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-" + width + "s %10s %10s %10s %,10d",
                    row.label(),
                    percent(row.precision()),
                    percent(row.recall()),
                    percent(row.f1()),
                    row.support()));
        }
        return text.toString();
    }

    @Override
    public String html() {
        HtmlTable table =
                HtmlTable.of("Label", "Precision", "Recall", "F1", "Texts").title(title());
        classes.forEach(row -> table.row(cells(row)));
        return table.total(cells(macro)).row(cells(weighted)).html();
    }

    private static Object[] cells(ClassScore row) {
        return new Object[] {
            row.label(), percent(row.precision()), percent(row.recall()), percent(row.f1()), row.support()
        };
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
