package dev.lorikeet.train.score;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.UnknownNameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A confusion matrix: how often each actual label was predicted as each label.
 *
 * @param labels labels in the order of the classes
 * @param counts a row for each actual label with a count for each predicted label
 */
public record ConfusionMatrix(List<String> labels, List<List<Integer>> counts) implements Renderable {

    public ConfusionMatrix {
        labels = List.copyOf(labels);
        counts = counts.stream().map(List::copyOf).toList();
        int size = labels.size();
        BadArgumentException.unless(
                counts.size() == size && counts.stream().allMatch(row -> row.size() == size),
                "counts",
                counts,
                "%d rows of %d counts, one for each label".formatted(size, size));
    }

    public static ConfusionMatrix of(List<String> labels, int[][] counts) {
        return new ConfusionMatrix(
                labels,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }

    /**
     * Counts two lists of labels of equal length.
     *
     * @throws UnknownNameException if a label is not in {@code labels}
     */
    public static ConfusionMatrix of(List<String> labels, List<String> actual, List<String> predicted) {
        BadArgumentException.unless(
                actual.size() == predicted.size(),
                "predicted",
                predicted.size() + " labels",
                actual.size() + ", as many as actual labels");
        int[][] counts = new int[labels.size()][labels.size()];
        for (int i = 0; i < actual.size(); i++) {
            counts[index(labels, actual.get(i))][index(labels, predicted.get(i))]++;
        }
        return of(labels, counts);
    }

    private static int index(List<String> labels, String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw new UnknownNameException("label", label, labels);
        }
        return index;
    }

    /** The number of texts with label {@code actual} that were predicted as {@code predicted}. */
    public int count(String actual, String predicted) {
        return counts.get(index(labels, actual)).get(index(labels, predicted));
    }

    /** The total number of texts. */
    public int total() {
        return counts.stream().flatMap(List::stream).mapToInt(Integer::intValue).sum();
    }

    /** The accuracy: the share of correct predictions, 0 to 1; NaN if there are no texts. */
    public double accuracy() {
        int correct =
                IntStream.range(0, labels.size()).map(i -> counts.get(i).get(i)).sum();
        return (double) correct / total();
    }

    /** The precision of a label: the share of its predictions that are correct; NaN if there are none. */
    public double precision(String label) {
        int index = index(labels, label);
        int predictions = counts.stream().mapToInt(row -> row.get(index)).sum();
        return (double) count(label, label) / predictions;
    }

    /** The recall of a label: the share of its texts that are predicted correctly; NaN if there are none. */
    public double recall(String label) {
        int texts = counts.get(index(labels, label)).stream()
                .mapToInt(Integer::intValue)
                .sum();
        return (double) count(label, label) / texts;
    }

    /** The F1 score of a label: the harmonic mean of precision and recall; NaN if it has no texts and no predictions. */
    public double f1(String label) {
        int index = index(labels, label);
        int predictions = counts.stream().mapToInt(row -> row.get(index)).sum();
        int texts = counts.get(index).stream().mapToInt(Integer::intValue).sum();
        return 2.0 * count(label, label) / (predictions + texts);
    }

    /** Precision, recall and F1 of each label, with their averages. */
    public ClassificationReport report() {
        return ClassificationReport.of(this);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        for (String actual : labels) {
            text.append(String.format("%n%s predicted as ", actual));
            text.append(String.join(
                    ", ",
                    labels.stream()
                            .map(predicted -> predicted + " " + count(actual, predicted))
                            .toList()));
        }
        return text.toString();
    }

    @Override
    public String html() {
        List<String> headers = new ArrayList<>(List.of("Actual"));
        labels.forEach(label -> headers.add("predicted " + label));
        headers.add("Recall");
        HtmlTable table = HtmlTable.of(headers).title(title());
        for (String label : labels) {
            List<Object> row = new ArrayList<>(List.of(label));
            row.addAll(counts.get(index(labels, label)));
            row.add(percent(recall(label)));
            table.row(row);
        }
        List<Object> precisions = new ArrayList<>(List.of("Precision"));
        labels.forEach(label -> precisions.add(percent(precision(label))));
        precisions.add("");
        return table.total(precisions.toArray()).html();
    }

    private String title() {
        return "%s texts, accuracy %s".formatted(Quantities.count(total()), Quantities.percent(accuracy()));
    }

    private static String percent(double share) {
        return Quantities.percent(share);
    }
}
