package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.UnknownNameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How often which label was taken for which.
 *
 * @param labels in the order of the classes
 * @param counts a row for each real label, and in it a number for each predicted one
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
                "%d rows of %d numbers, as there are labels".formatted(size, size));
    }

    static ConfusionMatrix of(List<String> labels, int[][] counts) {
        return new ConfusionMatrix(
                labels,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }

    /**
     * From two lists of equal length.
     *
     * @throws UnknownNameException if one has a label that is not among {@code labels}
     */
    public static ConfusionMatrix of(List<String> labels, List<String> actual, List<String> predicted) {
        BadArgumentException.unless(
                actual.size() == predicted.size(),
                "predicted",
                predicted.size() + " labels",
                actual.size() + ", as there are real ones");
        int[][] counts = new int[labels.size()][labels.size()];
        for (int i = 0; i < actual.size(); i++) {
            counts[place(labels, actual.get(i))][place(labels, predicted.get(i))]++;
        }
        return of(labels, counts);
    }

    private static int place(List<String> labels, String label) {
        int place = labels.indexOf(label);
        if (place < 0) {
            throw new UnknownNameException("label", label, labels);
        }
        return place;
    }

    /** How many texts of the first label were taken for the second. */
    public int count(String actual, String predicted) {
        return counts.get(place(labels, actual)).get(place(labels, predicted));
    }

    /** Texts in all. */
    public int total() {
        return counts.stream().flatMap(List::stream).mapToInt(Integer::intValue).sum();
    }

    /** The share of right answers, 0 to 1; NaN if there were no texts. */
    public double accuracy() {
        int right =
                IntStream.range(0, labels.size()).map(i -> counts.get(i).get(i)).sum();
        return (double) right / total();
    }

    /** Of the texts that were given this label, the share that has it; NaN if there is none. */
    public double precision(String label) {
        int place = place(labels, label);
        int said = counts.stream().mapToInt(row -> row.get(place)).sum();
        return (double) count(label, label) / said;
    }

    /** Of the texts that have this label, the share that was given it; NaN if there is none. */
    public double recall(String label) {
        int has = counts.get(place(labels, label)).stream()
                .mapToInt(Integer::intValue)
                .sum();
        return (double) count(label, label) / has;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        for (String actual : labels) {
            text.append(String.format("%n%s taken for ", actual));
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
            row.addAll(counts.get(place(labels, label)));
            row.add(percent(recall(label)));
            table.row(row);
        }
        List<Object> precisions = new ArrayList<>(List.of("Precision"));
        labels.forEach(label -> precisions.add(percent(precision(label))));
        precisions.add("");
        return table.total(precisions.toArray()).html();
    }

    private String title() {
        return String.format(Locale.ROOT, "%,d texts, accuracy %.2f %%", total(), 100 * accuracy());
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
