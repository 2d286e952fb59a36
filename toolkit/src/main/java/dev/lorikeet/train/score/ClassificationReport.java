package dev.lorikeet.train.score;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
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
 * @param accuracy the share of correct predictions, 0 to 1; NaN if there are no texts
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
