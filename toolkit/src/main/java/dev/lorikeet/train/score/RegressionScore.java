package dev.lorikeet.train.score;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How near the numbers of a regressor are to the right ones.
 *
 * @param meanSquaredError what training minimises
 * @param meanAbsoluteError the mean distance
 * @param r2 the share of the variance that is explained, at most 1; 0 for a model that always gives the mean; NaN if all numbers are
 *     the same
 * @param pearson the correlation, −1 to 1; NaN if all numbers on one side are the same
 * @param examples how many texts there were
 */
public record RegressionScore(
        double meanSquaredError, double meanAbsoluteError, double r2, double pearson, int examples)
        implements Renderable {

    /**
     * Compares numbers.
     *
     * @param predicted in the order of {@code expected}
     */
    public static RegressionScore of(double[] expected, double[] predicted) {
        int rows = expected.length;
        double meanExpected = mean(expected);
        double meanPredicted = mean(predicted);
        double squares = sum(rows, i -> square(expected[i] - predicted[i]));
        double variance = sum(rows, i -> square(expected[i] - meanExpected));
        double other = sum(rows, i -> square(predicted[i] - meanPredicted));
        double together = sum(rows, i -> (expected[i] - meanExpected) * (predicted[i] - meanPredicted));
        return new RegressionScore(
                squares / rows,
                sum(rows, i -> Math.abs(expected[i] - predicted[i])) / rows,
                variance == 0 ? Double.NaN : 1 - squares / variance,
                variance == 0 || other == 0 ? Double.NaN : together / Math.sqrt(variance * other),
                rows);
    }

    private static double mean(double... numbers) {
        return Arrays.stream(numbers).average().orElse(Double.NaN);
    }

    private static double sum(int rows, IntToDoubleFunction term) {
        return IntStream.range(0, rows).mapToDouble(term).sum();
    }

    private static double square(double x) {
        return x * x;
    }

    /** The root of the mean squared error, in the unit of the numbers. */
    public double rootMeanSquaredError() {
        return Math.sqrt(meanSquaredError);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "root mean squared error %.4g, mean absolute error %.4g, R² %.3f, correlation %.3f (%,d examples)",
                rootMeanSquaredError(),
                meanAbsoluteError,
                r2,
                pearson,
                examples);
    }

    @Override
    public String html() {
        return HtmlTable.of()
                .row("Root mean squared error", format("%.4g", rootMeanSquaredError()))
                .row("Mean absolute error", format("%.4g", meanAbsoluteError))
                .row("R²", format("%.3f", r2))
                .row("Correlation", format("%.3f", pearson))
                .row("Examples", format("%,d", examples))
                .html();
    }

    private static String format(String pattern, Object value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
