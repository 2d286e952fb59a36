package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import java.util.Arrays;
import java.util.List;

/**
 * A line, markers, bars or coloured cells of a {@link Chart}.
 *
 * @param name the name in the legend
 * @param x positions on the bottom axis
 * @param y values; NaN and infinite ones leave a gap
 * @param style how it is drawn
 * @param dash the dash pattern; {@link Dash#AUTO} picks one per series
 * @param right whether it uses the right axis instead of the left one
 * @param labels texts shown on hover in place of x; empty or one for each point
 * @param values values of cells, shown as colour and number; empty for all other styles
 * @param faint whether it is drawn small and in a pale grey, as the points beside their smoothed line are
 */
public record Series(
        String name,
        List<Double> x,
        List<Double> y,
        Style style,
        Dash dash,
        boolean right,
        List<String> labels,
        List<Double> values,
        boolean faint) {

    /** How a series is drawn. */
    public enum Style {
        LINE,
        MARKERS,
        LINE_AND_MARKERS,
        BARS,
        CELLS
    }

    /** The dash pattern of a line. */
    public enum Dash {
        AUTO,
        SOLID,
        DASHED,
        DOTTED,
        DASH_DOT
    }

    public Series {
        x = List.copyOf(x);
        y = List.copyOf(y);
        labels = List.copyOf(labels);
        values = List.copyOf(values);
        BadArgumentException.unless(
                x.size() == y.size(),
                "y of the series \"" + name + "\"",
                y.size() + " values",
                x.size() + ", as x has");
        BadArgumentException.unless(
                labels.isEmpty() || labels.size() == x.size(),
                "labels of the series \"" + name + "\"",
                labels.size() + " texts",
                "none or " + x.size() + ", one for each point");
        BadArgumentException.unless(
                values.size() == (style == Style.CELLS ? x.size() : 0),
                "values of the series \"" + name + "\"",
                values.size() + " values",
                "one for each cell, and none where there are no cells");
    }

    public static Series line(String name, double[] x, double[] y) {
        return new Series(name, boxed(x), boxed(y), Style.LINE, Dash.AUTO, false, List.of(), List.of(), false);
    }

    public static Series markers(String name, double[] x, double[] y) {
        return line(name, x, y).style(Style.MARKERS);
    }

    /** Bars centred on x, as wide as the smallest step of x. */
    public static Series bars(String name, double[] x, double[] y) {
        return line(name, x, y).style(Style.BARS);
    }

    /** Squares of one unit around (x, y), coloured and labelled by {@code values}; see {@link Axis#categories}. */
    public static Series cells(String name, double[] x, double[] y, double[] values) {
        return new Series(name, boxed(x), boxed(y), Style.CELLS, Dash.AUTO, false, List.of(), boxed(values), false);
    }

    public Series style(Style style) {
        return new Series(name, x, y, style, dash, right, labels, values, faint);
    }

    public Series dash(Dash dash) {
        return new Series(name, x, y, style, dash, right, labels, values, faint);
    }

    public Series onTheRight() {
        return new Series(name, x, y, style, dash, true, labels, values, faint);
    }

    /** Draws it small and in a pale grey, so that other series stand out. */
    public Series inTheBackground() {
        return new Series(name, x, y, style, dash, right, labels, values, true);
    }

    public Series labels(List<String> labels) {
        return new Series(name, x, y, style, dash, right, labels, values, faint);
    }

    boolean hasLine() {
        return style == Style.LINE || style == Style.LINE_AND_MARKERS;
    }

    boolean hasMarkers() {
        return style == Style.MARKERS || style == Style.LINE_AND_MARKERS;
    }

    /** The largest value; 1 if none is above 0. */
    double maximum() {
        double maximum = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return maximum > 0 ? maximum : 1;
    }

    /** The smallest step between positions; 1 if there is none. */
    double step() {
        double[] sorted = x.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .sorted()
                .distinct()
                .toArray();
        double step = Double.POSITIVE_INFINITY;
        for (int i = 1; i < sorted.length; i++) {
            step = Math.min(step, sorted[i] - sorted[i - 1]);
        }
        return Double.isFinite(step) ? step : 1;
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
