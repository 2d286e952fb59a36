package dev.lorikeet.plot;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Turns the traces of a Plotly figure into a {@link Chart}, if it has only kinds that a chart has too. */
final class FigureChart {

    private static final Set<String> KINDS = Set.of("scatter", "bar", "histogram", "heatmap");

    private final List<JsonObject> traces;
    private final JsonObject layout;

    /** The names on the bottom axis and on the left one; empty for an axis of numbers. */
    private final List<String> columns;

    private final List<String> rows;

    FigureChart(JsonArray data, JsonObject layout) {
        this.traces = StreamSupport.stream(data.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
        this.layout = layout;
        boolean cells = traces.stream().anyMatch(trace -> type(trace).equals("heatmap"));
        this.columns = names("x", cells);
        this.rows = names("y", cells);
    }

    /** The title of a layout or an axis as plain text; empty if there is none. */
    static String title(JsonObject of) {
        JsonObject title = of == null ? null : of.getAsJsonObject("title");
        return title == null ? "" : plain(title.get("text").getAsString());
    }

    Optional<Chart> chart() {
        if (traces.isEmpty() || !traces.stream().allMatch(this::isKnown)) {
            return Optional.empty();
        }
        long bars = traces.stream().filter(trace -> type(trace).equals("bar")).count();
        boolean stacked = text(layout, "barmode").equals("stack") && bars > 1;
        if (bars > 1 && !stacked) {
            return Optional.empty();
        }
        Chart chart = Chart.titled(title(layout)).x(axis("xaxis", columns)).y(axis("yaxis", rows));
        if (traces.stream().anyMatch(FigureChart::isRight)) {
            chart = chart.right(axis("yaxis2", List.of()));
        }
        for (JsonObject trace : traces) {
            chart = chart.add(series(trace));
        }
        return Optional.of(stacked ? chart.stackBars() : chart);
    }

    private boolean isKnown(JsonObject trace) {
        String type = type(trace);
        boolean flat =
                text(trace, "xaxis").matches("x?") && text(trace, "yaxis").matches("y?|y2");
        return KINDS.contains(type)
                && flat
                && trace.has("x")
                && (type.equals("histogram") ? isNumbers(trace, "x") && !trace.has("y") : trace.has("y"))
                && (type.equals("heatmap") || isNumbers(trace, type.equals("histogram") ? "x" : "y"))
                && !text(trace, "orientation").equals("h")
                && (text(trace, "fill").isEmpty() || text(trace, "fill").equals("none"))
                && (columns.isEmpty() || columns.stream().noneMatch(FigureChart::isDate));
    }

    /** The names at an axis in the order of the figure; with cells, numbers are names too. */
    private List<String> names(String key, boolean cells) {
        boolean named = cells || traces.stream().anyMatch(trace -> trace.has(key) && !isNumbers(trace, key));
        return named
                ? List.copyOf(new LinkedHashSet<>(
                        traces.stream().flatMap(trace -> texts(trace, key)).toList()))
                : List.of();
    }

    private Axis axis(String key, List<String> names) {
        JsonObject written = layout.has(key) ? layout.getAsJsonObject(key) : new JsonObject();
        Axis axis = Axis.of(title(written));
        if (!names.isEmpty()) {
            return axis.categories(names);
        }
        boolean log = text(written, "type").equals("log");
        axis = log ? axis.logarithmic() : axis;
        if (!written.has("range") || !isNumbers(written, "range")) {
            return axis;
        }
        double[] range = numbers(written.getAsJsonArray("range"));
        double low = log ? Math.pow(10, range[0]) : range[0];
        double high = log ? Math.pow(10, range[1]) : range[1];
        return low < high ? axis.range(low, high) : axis;
    }

    private Series series(JsonObject trace) {
        String name = trace.has("name") ? plain(text(trace, "name")) : "Values";
        Series series =
                switch (type(trace)) {
                    case "histogram" -> histogram(name, trace);
                    case "heatmap" -> cells(name, trace);
                    case "bar" -> Series.bars(name, positions(trace), numbers(trace.getAsJsonArray("y")));
                    default ->
                        Series.line(name, positions(trace), numbers(trace.getAsJsonArray("y")))
                                .style(style(text(trace, "mode")));
                };
        return isRight(trace) ? series.onTheRight() : series;
    }

    private static Series.Style style(String mode) {
        boolean markers = mode.contains("markers");
        return mode.contains("lines")
                ? markers ? Series.Style.LINE_AND_MARKERS : Series.Style.LINE
                : Series.Style.MARKERS;
    }

    private static Series histogram(String name, JsonObject trace) {
        int bars = trace.has("nbinsx") ? trace.get("nbinsx").getAsInt() : Bins.MOST;
        return Bins.of(numbers(trace.getAsJsonArray("x")), bars).series(name);
    }

    private Series cells(String name, JsonObject trace) {
        List<String> xs = texts(trace, "x").toList();
        List<String> ys = texts(trace, "y").toList();
        List<double[]> places = new ArrayList<>();
        for (int row = 0; row < ys.size(); row++) {
            double[] values = numbers(trace.getAsJsonArray("z").get(row).getAsJsonArray());
            for (int column = 0; column < xs.size(); column++) {
                if (Double.isFinite(values[column])) {
                    places.add(
                            new double[] {columns.indexOf(xs.get(column)), rows.indexOf(ys.get(row)), values[column]});
                }
            }
        }
        return Series.cells(name, part(places, 0), part(places, 1), part(places, 2));
    }

    private static double[] part(List<double[]> places, int index) {
        return places.stream().mapToDouble(place -> place[index]).toArray();
    }

    private double[] positions(JsonObject trace) {
        return columns.isEmpty()
                ? numbers(trace.getAsJsonArray("x"))
                : texts(trace, "x").mapToDouble(columns::indexOf).toArray();
    }

    private static boolean isNumbers(JsonObject of, String key) {
        return StreamSupport.stream(of.getAsJsonArray(key).spliterator(), false)
                .allMatch(value -> value.isJsonNull() || isNumber(value));
    }

    private static boolean isNumber(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    private static double[] numbers(JsonArray values) {
        return IntStream.range(0, values.size())
                .mapToDouble(i ->
                        values.get(i).isJsonNull() ? Double.NaN : values.get(i).getAsDouble())
                .toArray();
    }

    private static Stream<String> texts(JsonObject trace, String key) {
        return !trace.has(key)
                ? Stream.empty()
                : StreamSupport.stream(trace.getAsJsonArray(key).spliterator(), false)
                        .map(value -> isNumber(value)
                                ? Look.number().format(value.getAsDouble())
                                : value.isJsonNull() ? "–" : plain(value.getAsString()));
    }

    private static boolean isDate(String name) {
        return name.matches("\\d{4}-\\d\\d-\\d\\d.*");
    }

    private static boolean isRight(JsonObject trace) {
        return text(trace, "yaxis").equals("y2");
    }

    private static String type(JsonObject trace) {
        return text(trace, "type");
    }

    private static String text(JsonObject of, String key) {
        return of.has(key) && of.get(key).isJsonPrimitive() ? of.get(key).getAsString() : "";
    }

    private static String plain(String escaped) {
        return escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }
}
