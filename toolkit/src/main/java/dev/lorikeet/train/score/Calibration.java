package dev.lorikeet.train.score;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.model.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How sure a classifier is, beside how often it is right. In a well calibrated model 90 of 100 predictions of 90 % are right.
 *
 * @param bins texts whose predictions are about equally sure, from the least sure; bins without texts are left out
 * @param error the expected calibration error: the distance of confidence and accuracy, 0 to 1, weighted by the bins' texts (Guo et al.
 *     2017); NaN if there are no texts
 * @param brier the mean squared distance of the probabilities of all labels from 1 for the right one and 0 for the others, 0 to 2
 *     (Brier 1950); NaN if there are no texts
 */
public record Calibration(List<Bin> bins, double error, double brier) implements Renderable {

    private static final int BINS = 10;

    /**
     * Texts whose predictions are about equally sure.
     *
     * @param from the least confidence, 0 to 1
     * @param to the largest
     * @param texts how many there are
     * @param confidence their mean confidence
     * @param accuracy the share that is right
     */
    public record Bin(double from, double to, int texts, double confidence, double accuracy) {}

    public Calibration {
        bins = List.copyOf(bins);
    }

    /** @param labels the right ones, in the order of the predictions */
    public static Calibration of(List<Prediction> predictions, List<String> labels) {
        int[] texts = new int[BINS];
        int[] right = new int[BINS];
        double[] confidence = new double[BINS];
        double brier = 0;
        for (int row = 0; row < predictions.size(); row++) {
            Prediction prediction = predictions.get(row);
            int bin = Math.min(BINS - 1, (int) (prediction.probability() * BINS));
            texts[bin]++;
            confidence[bin] += prediction.probability();
            right[bin] += prediction.label().equals(labels.get(row)) ? 1 : 0;
            brier += brier(prediction, labels.get(row));
        }
        List<Bin> bins = new ArrayList<>();
        double error = 0;
        for (int i = 0; i < BINS; i++) {
            if (texts[i] > 0) {
                bins.add(new Bin(
                        (double) i / BINS,
                        (i + 1.0) / BINS,
                        texts[i],
                        confidence[i] / texts[i],
                        (double) right[i] / texts[i]));
                error += Math.abs(confidence[i] - right[i]);
            }
        }
        return new Calibration(bins, error / predictions.size(), brier / predictions.size());
    }

    private static double brier(Prediction prediction, String right) {
        double sum = 0;
        for (Map.Entry<String, Double> each : prediction.probabilities().entrySet()) {
            double distance = each.getValue() - (each.getKey().equals(right) ? 1 : 0);
            sum += distance * distance;
        }
        return sum;
    }

    private String title() {
        return bins.isEmpty()
                ? "no texts"
                : String.format(
                        Locale.ROOT, "Calibration error %s, Brier score %.4f", Quantities.percent(error), brier);
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Confidence", "Mean", "Right", "Texts").title(title());
        bins.forEach(bin -> table.row(
                range(bin), Quantities.percent(bin.confidence()), Quantities.percent(bin.accuracy()), bin.texts()));
        return table.html();
    }

    private static String range(Bin bin) {
        return String.format(Locale.ROOT, "%.0f to %.0f %%", 100 * bin.from(), 100 * bin.to());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title());
        for (Bin bin : bins) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-12s mean %s, right %s of %,d",
                    range(bin),
                    Quantities.percent(bin.confidence()),
                    Quantities.percent(bin.accuracy()),
                    bin.texts()));
        }
        return text.toString();
    }
}
