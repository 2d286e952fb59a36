package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.plotly.components.Axis.AxisBuilder;
import tech.tablesaw.plotly.components.Axis.Side;
import tech.tablesaw.plotly.components.Axis.Type;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** Writes a {@link Chart} as a figure of Tablesaw. */
final class ChartFigure {

    private final Chart chart;

    ChartFigure(Chart chart) {
        this.chart = chart;
    }

    Figure figure() {
        BadArgumentException.unless(
                chart.top().isEmpty(),
                "top axis",
                chart.top().map(Axis::title).orElse(""),
                "none, as a figure of Tablesaw has one x axis; chart.withoutTop().figure() leaves it out");
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < chart.series().size(); i++) {
            traces.add(trace(chart.series().get(i), i));
        }
        return new Figure(layout(), traces.toArray(Trace[]::new));
    }

    private Layout layout() {
        Layout.LayoutBuilder layout = Layout.builder(chart.title())
                .showLegend(chart.series().size() > 1)
                .barMode(chart.stacked() ? Layout.BarMode.STACK : Layout.BarMode.GROUP)
                .xAxis(axis(chart.x()).build())
                .yAxis(axis(chart.y()).build());
        chart.right()
                .ifPresent(right -> layout.yAxis2(axis(right)
                        .side(Side.right)
                        .overlaying(ScatterTrace.YAxis.Y)
                        .build()));
        return layout.build();
    }

    private static AxisBuilder axis(Axis axis) {
        AxisBuilder builder = tech.tablesaw.plotly.components.Axis.builder().title(axis.label());
        if (axis.log()) {
            builder.type(Type.LOG);
        }
        if (!axis.categories().isEmpty()) {
            return builder.type(Type.CATEGORY);
        }
        return axis.hasRange()
                ? builder.range(PlotlyFigure.coordinate(axis, axis.low()), PlotlyFigure.coordinate(axis, axis.high()))
                : builder;
    }

    private Trace trace(Series series, int index) {
        return switch (series.style()) {
            case BARS -> bars(series, index);
            case CELLS -> cells(series);
            default -> line(series, index);
        };
    }

    private Trace line(Series series, int index) {
        BadArgumentException.unless(
                chart.x().categories().isEmpty()
                        && chart.axis(series).categories().isEmpty(),
                "line \"" + series.name() + "\"",
                "on an axis of names",
                "bars there, as a line of Tablesaw has numbers on both axes");
        ScatterTrace.ScatterBuilder trace = ScatterTrace.builder(numbers(series.x()), numbers(series.y()))
                .name(series.name())
                .mode(mode(series))
                .line(Line.builder()
                        .color(PlotlyFigure.css(Look.colour(index)))
                        .width(Look.LINE_WIDTH)
                        .dash(dash(Look.dash(series, index)))
                        .build())
                .marker(Marker.builder()
                        .color(PlotlyFigure.css(Look.colour(index)))
                        .size(Look.MARKER_SIZE)
                        .build());
        return (series.right() ? trace.yAxis(ScatterTrace.YAxis.Y2) : trace).build();
    }

    private Trace bars(Series series, int index) {
        BadArgumentException.unless(
                !series.right(),
                "axis of the bars \"" + series.name() + "\"",
                "right",
                "left, as bars of Tablesaw have");
        Object[] places = series.x().stream().map(x -> place(chart.x(), x)).toArray();
        return BarTrace.builder(places, numbers(series.y()))
                .name(series.name())
                .marker(Marker.builder()
                        .color(PlotlyFigure.css(Look.colour(index)))
                        .build())
                .build();
    }

    private Trace cells(Series series) {
        List<Double> xs = series.x().stream().distinct().sorted().toList();
        List<Double> ys = series.y().stream().distinct().sorted().toList();
        double[][] values = new double[ys.size()][xs.size()];
        Arrays.stream(values).forEach(row -> Arrays.fill(row, Double.NaN));
        IntStream.range(0, series.values().size())
                .forEach(i -> values[ys.indexOf(series.y().get(i))][
                        xs.indexOf(series.x().get(i))] = series.values().get(i));
        HeatmapTrace.HeatmapBuilder trace = HeatmapTrace.builder(
                xs.stream().map(x -> place(chart.x(), x)).toArray(),
                ys.stream().map(y -> place(chart.y(), y)).toArray(),
                values);
        trace.name(series.name());
        return trace.build();
    }

    /** The name at a position, or the position itself on an axis of numbers. */
    private static Object place(Axis axis, double position) {
        int index = (int) position;
        boolean named =
                index == position && index >= 0 && index < axis.categories().size();
        return named ? axis.categories().get(index) : position;
    }

    private static double[] numbers(List<Double> values) {
        return values.stream()
                .mapToDouble(value -> Double.isFinite(value) ? value : Double.NaN)
                .toArray();
    }

    private static ScatterTrace.Mode mode(Series series) {
        return switch (series.style()) {
            case LINE -> ScatterTrace.Mode.LINE;
            case MARKERS -> ScatterTrace.Mode.MARKERS;
            default -> ScatterTrace.Mode.LINE_AND_MARKERS;
        };
    }

    private static Line.Dash dash(Series.Dash dash) {
        return switch (dash) {
            case AUTO, SOLID -> Line.Dash.SOLID;
            case DASHED -> Line.Dash.DASH;
            case DOTTED -> Line.Dash.DOT;
            case DASH_DOT -> Line.Dash.DASH_DOT;
        };
    }
}
