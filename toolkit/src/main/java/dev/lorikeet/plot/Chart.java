package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tech.tablesaw.plotly.components.Figure;

/**
 * A chart as a value; a notebook draws it. Built in one sentence:
 *
 * <pre>{@code
 * Chart.titled("Loss").x(Axis.of("Epochs").range(0, 5)).top(Axis.of("Examples seen").range(0, 5200))
 *         .y(Axis.of("Loss")).line("Training", epochs, losses).line("Validation", epochs, others);
 * }</pre>
 *
 * @param title above the chart
 * @param x the bottom axis
 * @param top a second scale of the bottom axis, whose range maps to the range of {@code x}
 * @param y the left axis
 * @param right the right axis
 * @param series drawn in this order
 * @param stacked whether bars at the same position are stacked
 */
public record Chart(
        String title, Axis x, Optional<Axis> top, Axis y, Optional<Axis> right, List<Series> series, boolean stacked) {

    private static final double HISTOGRAM_SHARE = 0.9;
    private static final double NAMED_SHARE = 0.5;

    public Chart {
        series = List.copyOf(series);
        if (top.isPresent()) {
            BadArgumentException.unless(
                    x.hasRange() && top.get().hasRange(),
                    "top axis",
                    top.get().title(),
                    "a range on it and on the bottom axis, so that one maps to the other");
            BadArgumentException.unless(
                    !x.log() && !top.get().log(),
                    "top axis",
                    top.get().title(),
                    "linear axes at the top and the bottom");
        }
        for (Series each : series) {
            BadArgumentException.unless(
                    !each.right() || right.isPresent(),
                    "axis of \"" + each.name() + "\"",
                    "right",
                    "left, or a chart with right(…)");
        }
    }

    /** An empty chart with linear axes named x and y. */
    public static Chart titled(String title) {
        return new Chart(title, Axis.of("x"), Optional.empty(), Axis.of("y"), Optional.empty(), List.of(), false);
    }

    /** This chart with another title. */
    public Chart title(String other) {
        return new Chart(other, x, top, y, right, series, stacked);
    }

    public Chart x(Axis axis) {
        return new Chart(title, axis, top, y, right, series, stacked);
    }

    public Chart top(Axis axis) {
        return new Chart(title, x, Optional.of(axis), y, right, series, stacked);
    }

    /** This chart without its top axis. */
    public Chart withoutTop() {
        return new Chart(title, x, Optional.empty(), y, right, series, stacked);
    }

    public Chart y(Axis axis) {
        return new Chart(title, x, top, axis, right, series, stacked);
    }

    public Chart right(Axis axis) {
        return new Chart(title, x, top, y, Optional.of(axis), series, stacked);
    }

    public Chart add(Series more) {
        List<Series> all = new ArrayList<>(series);
        all.add(more);
        return new Chart(title, x, top, y, right, all, stacked);
    }

    /** Stacks bars at the same position. */
    public Chart stackBars() {
        return new Chart(title, x, top, y, right, series, true);
    }

    public Chart line(String name, double[] xs, double[] ys) {
        return add(Series.line(name, xs, ys));
    }

    public Chart markers(String name, double[] xs, double[] ys) {
        return add(Series.markers(name, xs, ys));
    }

    public Chart bars(String name, double[] xs, double[] ys) {
        return add(Series.bars(name, xs, ys));
    }

    /** The figure as plotly.js reads it: JSON with {@code data}, {@code layout} and {@code config}. */
    public String plotly() {
        return new PlotlyFigure(this).json();
    }

    /** The chart as an SVG element for a page of HTML: as wide as the page, up to 720 pixels, in the page's text colour. */
    public String svg() {
        return new SvgDrawing(this).svg();
    }

    /**
     * The chart as a figure of Tablesaw, to be combined with others or written to a page.
     *
     * @throws BadArgumentException if Tablesaw cannot express it: a top axis, bars on the right axis, a line over names
     */
    public Figure figure() {
        return new ChartFigure(this).figure();
    }

    /**
     * Draws a PNG on a white ground, with two pixels for each unit of size, for sharp text.
     *
     * @param width 100 to 8000; text is 12 to 16 high
     * @param height 100 to 8000
     */
    public byte[] png(int width, int height) {
        return png(width, height, 2);
    }

    /** Draws a PNG with {@code scale} pixels for each unit of size. */
    public byte[] png(int width, int height, int scale) {
        return new Drawing(this).png(width, height, scale);
    }

    /** The value on the top axis at {@code value} of the bottom one. */
    double atTop(double value) {
        Axis over = top.orElseThrow();
        return over.low() + (value - x.low()) / (x.high() - x.low()) * (over.high() - over.low());
    }

    /** Whether bars show their values: if each has a name, so that there are few. */
    boolean showsValues() {
        return !x.categories().isEmpty() && !stacked;
    }

    /** The width of bars: wide in a histogram, narrower if each stands for a name. */
    double barWidth(Series bars) {
        return bars.step() * (x.categories().isEmpty() ? HISTOGRAM_SHARE : NAMED_SHARE);
    }

    /** Where this series' stacked bars begin: the sum of the bars below, at each position. */
    double[] bases(Series bars) {
        double[] bases = new double[bars.x().size()];
        for (Series below : series.subList(0, stacked ? series.indexOf(bars) : 0)) {
            for (int i = 0; i < bases.length; i++) {
                int at = below.style() == Series.Style.BARS
                        ? below.x().indexOf(bars.x().get(i))
                        : -1;
                bases[i] += at < 0 ? 0 : below.y().get(at);
            }
        }
        return bases;
    }

    Axis axis(Series of) {
        return of.right() ? right.orElseThrow() : y;
    }

    @Override
    public String toString() {
        return "Chart \"%s\": %s over %s; %s"
                .formatted(
                        title,
                        y.label(),
                        x.label(),
                        String.join(
                                ", ",
                                series.stream()
                                        .map(each ->
                                                each.name() + " (" + each.x().size() + " points)")
                                        .toList()));
    }
}
