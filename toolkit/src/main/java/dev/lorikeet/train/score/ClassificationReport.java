package dev.lorikeet.train.score;

import dev.lorikeet.base.Renderable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
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
        return look().table();
    }

    private ScoreRows look() {
        String title = String.format(Locale.ROOT, "%,d texts, accuracy %.2f %%", macro.support(), 100 * accuracy);
        return new ScoreRows(title, "Label", "Texts", classes, List.of(macro, weighted));
    }

    @Override
    public String toString() {
        return look().text();
    }

    @Override
    public String html() {
        return look().html();
    }
}
