package dev.lorikeet.plot;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes a {@link Chart} as a figure of plotly.js (4 and later, where titles are objects). */
final class PlotlyFigure {

    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final List<String> SYMBOLS = List.of("circle", "square", "diamond", "triangle-up");

    private final Chart chart;

    PlotlyFigure(Chart chart) {
        this.chart = chart;
    }

    String json() {
        return GSON.toJson(map("data", data(), "layout", layout(), "config", config()));
    }

    private List<Object> data() {
        List<Object> traces = new ArrayList<>();
        for (int i = 0; i < chart.series().size(); i++) {
            traces.add(trace(chart.series().get(i), i));
        }
        chart.top().ifPresent(axis -> traces.add(carrier(axis)));
        return traces;
    }

    private Map<String, Object> trace(Series series, int index) {
        if (series.style() == Series.Style.CELLS) {
            return cells(series);
        }
        Map<String, Object> trace = map(
                "type", series.style() == Series.Style.BARS ? "bar" : "scatter",
                "name", escape(series.name()),
                "x", values(series.x(), chart.x()),
                "y", values(series.y(), chart.axis(series)),
                "yaxis", series.right() ? "y2" : "y",
                "hovertemplate", hover(series));
        String colour = css(Look.colour(series, index));
        if (series.style() == Series.Style.BARS) {
            trace.put("marker", map("color", colour));
            trace.put("width", chart.barWidth(series));
            if (chart.showsValues()) {
                trace.put(
                        "text",
                        series.y().stream()
                                .map(y -> Look.number().format(Look.rounded(y)))
                                .toList());
                trace.put("textposition", "outside");
                trace.put("cliponaxis", false);
            }
        } else {
            trace.put("mode", mode(series));
            trace.put("line", map("color", colour, "width", Look.LINE_WIDTH, "dash", dash(Look.dash(series, index))));
            trace.put(
                    "marker",
                    map(
                            "color",
                            colour,
                            "size",
                            series.faint() ? Look.DOT_SIZE : Look.MARKER_SIZE,
                            "symbol",
                            series.faint() ? SYMBOLS.get(0) : SYMBOLS.get(index % SYMBOLS.size())));
            trace.put("cliponaxis", false);
            trace.put("connectgaps", false);
        }
        custom(series, trace);
        return trace;
    }

    private Map<String, Object> cells(Series series) {
        List<String> hover = IntStream.range(0, series.x().size())
                .mapToObj(i -> cellHover(series, i))
                .toList();
        return map(
                "type",
                "heatmap",
                "name",
                escape(series.name()),
                "x",
                values(series.x(), chart.x()),
                "y",
                values(series.y(), chart.axis(series)),
                "z",
                series.values().stream().map(PlotlyFigure::number).toList(),
                "text",
                series.values().stream()
                        .map(value -> Look.number().format(Look.rounded(value)))
                        .toList(),
                "texttemplate",
                "%{text}",
                "textfont",
                map("size", Look.TITLE_SIZE),
                "hovertext",
                hover,
                "hoverinfo",
                "text",
                "zmin",
                0,
                "zmax",
                series.maximum(),
                "colorscale",
                List.of(List.of(0, css(Look.heat(0))), List.of(1, css(Look.heat(1)))),
                "showscale",
                false,
                "xgap",
                2,
                "ygap",
                2);
    }

    private String cellHover(Series series, int i) {
        String place = series.labels().isEmpty()
                ? place(chart.x(), series.x().get(i)) + "<br>"
                        + place(chart.axis(series), series.y().get(i))
                : escape(series.labels().get(i));
        return "<b>" + escape(series.name()) + ": "
                + Look.number().format(series.values().get(i)) + "</b><br>" + place;
    }

    private static String place(Axis axis, double value) {
        int category = (int) Math.round(value);
        boolean named = category >= 0 && category < axis.categories().size();
        return escape(axis.title() + ": "
                + (named ? axis.categories().get(category) : Look.number().format(value)));
    }

    /** Extra data of the hover text: the value on the top axis, or the point's label. */
    private void custom(Series series, Map<String, Object> trace) {
        if (!series.labels().isEmpty()) {
            trace.put(
                    "customdata",
                    series.labels().stream().map(PlotlyFigure::escape).toList());
        } else if (chart.top().isPresent()) {
            trace.put(
                    "customdata",
                    series.x().stream().map(x -> number(chart.atTop(x))).toList());
        }
    }

    private String hover(Series series) {
        StringBuilder text = new StringBuilder("<b>" + escape(series.name()) + "</b><br>");
        text.append(line(chart.axis(series), "y", ":,.4~f")).append("<br>");
        if (!series.labels().isEmpty()) {
            text.append(line(chart.x(), "customdata", ""));
        } else {
            text.append(line(chart.x(), "x", ":,.4~f"));
            chart.top().ifPresent(axis -> text.append("<br>").append(line(axis, "customdata", ":,.0f")));
        }
        return text.append("<extra></extra>").toString();
    }

    private static String line(Axis axis, String variable, String format) {
        String unit = axis.unit().isEmpty() ? "" : " " + escape(axis.unit());
        return escape(axis.title()) + ": %{" + variable + format + "}" + unit;
    }

    /** A trace without a visible point, since plotly.js draws an axis only if a trace uses it. */
    private static Map<String, Object> carrier(Axis top) {
        return map(
                "type", "scatter",
                "mode", "markers",
                "x", List.of(top.low(), top.high()),
                "y", Arrays.asList(null, null),
                "xaxis", "x2",
                "yaxis", "y",
                "showlegend", false,
                "hoverinfo", "skip");
    }

    private Map<String, Object> layout() {
        Map<String, Object> layout = map(
                "title",
                map(
                        "text",
                        escape(chart.title()),
                        "x",
                        0.5,
                        "xanchor",
                        "center",
                        "y",
                        0.98,
                        "yanchor",
                        "top",
                        "font",
                        map("size", Look.TITLE_SIZE)));
        boolean legend = chart.series().size() > 1;
        layout.put("autosize", true);
        layout.putAll(frame());
        layout.put("barmode", chart.stacked() ? "stack" : "group");
        layout.put("margin", map("l", 64, "r", 40, "t", chart.top().isPresent() ? 96 : 56, "b", legend ? 88 : 60));
        layout.put("showlegend", legend);
        layout.put(
                "legend",
                map(
                        "orientation",
                        "h",
                        "x",
                        0.5,
                        "xanchor",
                        "center",
                        "yref",
                        "container",
                        "y",
                        0,
                        "yanchor",
                        "bottom"));
        layout.put("xaxis", axis(chart.x(), true));
        layout.put("yaxis", axis(chart.y(), true));
        chart.top().ifPresent(axis -> layout.put("xaxis2", topAxis(axis)));
        chart.right().ifPresent(axis -> layout.put("yaxis2", over(axis, "y", "right")));
        return layout;
    }

    /** What every figure has: a height, and the ground and text in {@link Look}'s colours. */
    static Map<String, Object> frame() {
        return map(
                "height",
                Look.HEIGHT,
                "paper_bgcolor",
                css(Look.GROUND),
                "plot_bgcolor",
                css(Look.GROUND),
                "font",
                map("size", Look.TICK_SIZE, "color", css(Look.TEXT)),
                "hovermode",
                "closest",
                "modebar",
                map("bgcolor", "rgba(0,0,0,0)", "color", css(Look.FAINT), "activecolor", css(Look.TEXT)));
    }

    /** The lines of every axis, in colours that show in a light and in a dark theme. */
    static Map<String, Object> axisLines() {
        return map(
                "gridcolor",
                css(Look.GRID),
                "zeroline",
                false,
                "showline",
                true,
                "linecolor",
                css(Look.TEXT),
                "ticks",
                "outside",
                "tickcolor",
                css(Look.TEXT),
                "separatethousands",
                true,
                "automargin",
                true);
    }

    private static Map<String, Object> over(Axis axis, String below, String side) {
        Map<String, Object> over = axis(axis, false);
        over.put("overlaying", below);
        over.put("side", side);
        return over;
    }

    /** Ticks of its own at round numbers: plotly.js would put them where the bottom axis has some, such as at 0.96 and 1.92. */
    private static Map<String, Object> topAxis(Axis axis) {
        double[] ticks = Ticks.between(axis.low(), axis.high(), Look.TICKS);
        Map<String, Object> map = over(axis, "x", "top");
        map.put("tickmode", "array");
        map.put("tickvals", ticks);
        map.put("ticktext", Arrays.stream(ticks).mapToObj(Look.number()::format).toList());
        return map;
    }

    private static Map<String, Object> axis(Axis axis, boolean grid) {
        Map<String, Object> map =
                map("title", map("text", escape(axis.label()), "standoff", 8, "font", map("size", Look.TEXT_SIZE)));
        map.put("type", axis.log() ? "log" : "linear");
        if (axis.scale() == Axis.Scale.DOUBLINGS) {
            map.put("tick0", 0);
            map.put("dtick", Math.log10(2));
        }
        map.put("showgrid", grid && axis.categories().isEmpty());
        map.putAll(axisLines());
        if (!axis.categories().isEmpty()) {
            map.put("tickmode", "array");
            map.put(
                    "tickvals",
                    IntStream.range(0, axis.categories().size()).boxed().toList());
            map.put(
                    "ticktext",
                    axis.categories().stream().map(PlotlyFigure::escape).toList());
        }
        if (axis.hasRange()) {
            map.put("range", List.of(coordinate(axis, axis.low()), coordinate(axis, axis.high())));
        }
        return map;
    }

    /** The range of an axis; plotly.js takes the exponents for a logarithmic one. */
    static double coordinate(Axis axis, double value) {
        return axis.log() ? Math.log10(value) : value;
    }

    /** Few buttons, as they cover the title of a narrow chart. */
    static Map<String, Object> config() {
        return map(
                "responsive",
                true,
                "displaylogo",
                false,
                "doubleClick",
                "reset",
                "modeBarButtonsToRemove",
                List.of("select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "sendChartToCloud"));
    }

    private static String mode(Series series) {
        return String.join(
                "+",
                Stream.of(series.hasLine() ? "lines" : null, series.hasMarkers() ? "markers" : null)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static String dash(Series.Dash dash) {
        return switch (dash) {
            case AUTO, SOLID -> "solid";
            case DASHED -> "dash";
            case DOTTED -> "dot";
            case DASH_DOT -> "dashdot";
        };
    }

    /** A value as JSON; NaN and infinity, which JSON lacks, become gaps. */
    private static List<Double> values(List<Double> values, Axis axis) {
        return values.stream().map(value -> axis.shows(value) ? value : null).toList();
    }

    private static Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Escapes the HTML tags that plotly.js reads in its texts. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    static String css(Color colour) {
        return colour.getAlpha() == 255
                ? String.format(Locale.ROOT, "#%06X", colour.getRGB() & 0xFFFFFF)
                : String.format(
                        Locale.ROOT,
                        "rgba(%d,%d,%d,%.2f)",
                        colour.getRed(),
                        colour.getGreen(),
                        colour.getBlue(),
                        colour.getAlpha() / 255.0);
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
