package dev.lorikeet.plot;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tech.tablesaw.plotly.components.Figure;

/**
 * A figure of Tablesaw, such as {@code Histogram.create("Lengths", table, "tokens")}, as JSON for plotly.js 3 and later. Tablesaw
 * itself writes a page of JavaScript that loads plotly.js from the internet; its event handlers are code and are left out.
 */
public final class TablesawFigure {

    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    /** Entries of a trace that are data: numbers, names or dates. */
    private static final Set<String> DATA = Set.of("x", "y", "z", "open", "high", "low", "close", "values", "labels");

    /** Numbers and flags that Tablesaw writes in quotes. */
    private static final Set<String> QUOTED =
            Set.of("opacity", "dtick", "nticks", "tick0", "scaleratio", "visible", "autorange");

    /** Entries of an axis that are numbers or dates. */
    private static final Set<String> POSITIONS = Set.of("range", "tickvals", "domain");

    /** The colour of Tablesaw's fonts unless set, which cannot be read on a dark ground. */
    private static final String FONT_COLOUR = "#444";

    private static final Map<String, String> MISSPELT =
            Map.of("showExponent", "showexponent", "showspike", "showspikes", "plotbgcolor", "plot_bgcolor");

    /** The sizes of Tablesaw's ready-made plots, which are wider than a cell of a notebook. */
    private static final Set<List<Integer>> READY_MADE =
            Set.of(List.of(800, 600), List.of(900, 700), List.of(1000, 800));

    /** A number as Java prints it; "007" and "1e5" are names. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?(E-?\\d+)?");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d([T ].*)?");
    private static final Set<String> MISSING = Set.of("null", "NaN", "Infinity", "-Infinity");

    private final JsonArray data = new JsonArray();
    private final JsonObject layout;
    private final JsonObject config;

    private TablesawFigure(Figure figure) {
        for (int i = 0; i < figure.getTraces().length; i++) {
            data.add(trace(ScriptLiteral.assigned(figure.getTraces()[i].asJavascript(i))));
        }
        this.layout = figure.getLayout() == null
                ? new JsonObject()
                : cleaned(ScriptLiteral.assigned(figure.getLayout().asJavascript()));
        this.config = Json.parse(GSON.toJson(PlotlyFigure.config())).getAsJsonObject();
        if (figure.getConfig() != null) {
            JsonObject set = ScriptLiteral.assigned(figure.getConfig().asJavascript());
            set.entrySet().forEach(entry -> config.add(entry.getKey(), entry.getValue()));
        }
        adapt();
    }

    /** Reads a figure. */
    public static TablesawFigure of(Figure figure) {
        return new TablesawFigure(figure);
    }

    /** The figure as plotly.js reads it: JSON with {@code data}, {@code layout} and {@code config}. */
    public String plotly() {
        JsonObject all = new JsonObject();
        all.add("data", data);
        all.add("layout", layout);
        all.add("config", config);
        return GSON.toJson(all);
    }

    /**
     * The figure as a {@link Chart}, which can be drawn as a PNG: lines, markers, vertical bars, histograms and heat maps. Empty
     * for all other kinds, such as box plots, and for dates.
     */
    public Optional<Chart> chart() {
        return new FigureChart(data, layout).chart();
    }

    @Override
    public String toString() {
        List<String> kinds = StreamSupport.stream(data.spliterator(), false)
                .map(trace -> trace.getAsJsonObject().get("type").getAsString())
                .distinct()
                .toList();
        return "Figure \"%s\": %d %s (%s)"
                .formatted(
                        FigureChart.title(layout),
                        data.size(),
                        data.size() == 1 ? "trace" : "traces",
                        String.join(", ", kinds));
    }

    /** Lets the figure follow the width and the theme of the page, as a {@link Chart} does, where it does not say otherwise. */
    private void adapt() {
        if (READY_MADE.contains(List.of(integer("width"), integer("height")))) {
            layout.remove("width");
            layout.remove("height");
        }
        JsonObject defaults = Json.parse(GSON.toJson(PlotlyFigure.frame())).getAsJsonObject();
        defaults.addProperty("autosize", !layout.has("width"));
        JsonArray colours = new JsonArray();
        IntStream.range(0, Look.COLOUR_COUNT).forEach(i -> colours.add(PlotlyFigure.css(Look.colour(i))));
        defaults.add("colorway", colours);
        add(defaults, layout);
        JsonObject axis = Json.parse(GSON.toJson(PlotlyFigure.axisLines())).getAsJsonObject();
        for (JsonElement trace : data) {
            axisOf(trace.getAsJsonObject(), "xaxis").ifPresent(each -> add(axis, each));
            axisOf(trace.getAsJsonObject(), "yaxis").ifPresent(each -> add(axis, each));
        }
    }

    /** The axis of the layout that a trace names, such as "y2" for yaxis2; empty for a trace without flat axes. */
    private Optional<JsonObject> axisOf(JsonObject trace, String kind) {
        String type = trace.get("type").getAsString();
        if (!trace.has(kind) || type.equals("pie") || type.endsWith("3d")) {
            return Optional.empty();
        }
        String key = kind + trace.get(kind).getAsString().substring(1);
        if (!layout.has(key)) {
            layout.add(key, new JsonObject());
        }
        return Optional.of(layout.getAsJsonObject(key));
    }

    private int integer(String key) {
        return layout.has(key) ? layout.get(key).getAsInt() : 0;
    }

    private static void add(JsonObject defaults, JsonObject to) {
        defaults.entrySet().stream()
                .filter(entry -> !to.has(entry.getKey()))
                .forEach(entry -> to.add(entry.getKey(), entry.getValue()));
    }

    private static JsonObject trace(JsonObject written) {
        JsonObject trace = cleaned(written);
        for (String key : DATA) {
            if (trace.has(key) && trace.get(key).isJsonArray()) {
                trace.add(key, typed(trace.getAsJsonArray(key)));
            }
        }
        if (trace.has("name") && trace.get("name").getAsString().isEmpty()) {
            trace.remove("name");
        }
        // Tablesaw writes 0 bins for "not set".
        for (String axis : List.of("x", "y")) {
            if (trace.has("nbins" + axis) && trace.get("nbins" + axis).getAsInt() == 0) {
                trace.remove("nbins" + axis);
                trace.remove("autobin" + axis);
            }
        }
        return trace;
    }

    /** Mends keys, types and titles, at all depths. */
    private static JsonObject cleaned(JsonObject written) {
        JsonObject clean = new JsonObject();
        written.entrySet().forEach(entry -> {
            String key = MISSPELT.getOrDefault(entry.getKey(), entry.getKey());
            JsonElement value = entry.getValue();
            if (value.isJsonObject()) {
                clean.add(key, cleaned(value.getAsJsonObject()));
            } else if (POSITIONS.contains(key) && value.isJsonArray()) {
                clean.add(key, typed(value.getAsJsonArray()));
            } else if (key.equals("color")
                    && isText(value)
                    && value.getAsString().equals(FONT_COLOUR)) {
                return;
            } else {
                clean.add(key, QUOTED.contains(key) ? unquoted(value) : value);
            }
        });
        for (String key : List.of("name", "title")) {
            if (isText(clean.get(key))) {
                clean.addProperty(key, PlotlyFigure.escape(clean.get(key).getAsString()));
            }
        }
        mendTitle(clean);
        return clean;
    }

    /** Makes a title an object with a text and a font, as plotly.js reads it since version 3. */
    private static void mendTitle(JsonObject of) {
        JsonElement font = of.remove("titlefont");
        if (!isText(of.get("title"))) {
            return;
        }
        String text = of.remove("title").getAsString();
        if (!text.isEmpty()) {
            JsonObject title = new JsonObject();
            title.addProperty("text", text);
            if (font != null) {
                title.add("font", font);
            }
            of.add("title", title);
        }
    }

    private static boolean isText(JsonElement value) {
        return value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isString();
    }

    private static JsonElement unquoted(JsonElement value) {
        if (!isText(value)) {
            return value;
        }
        String text = value.getAsString();
        if (text.equals("true") || text.equals("false")) {
            return new JsonPrimitive(Boolean.valueOf(text));
        }
        return NUMBER.matcher(text).matches() ? new JsonPrimitive(Double.valueOf(text)) : value;
    }

    /**
     * Gives data its types: numbers in quotes become numbers, and what is missing among numbers or dates becomes null. Names stay
     * texts, escaped for plotly.js, which would hide "&lt;/s&gt;" as an HTML tag.
     */
    private static JsonArray typed(JsonArray written) {
        List<JsonElement> entries =
                StreamSupport.stream(written.spliterator(), false).toList();
        boolean values = entries.stream()
                .allMatch(entry -> !isText(entry)
                        || MISSING.contains(entry.getAsString())
                        || NUMBER.matcher(entry.getAsString()).matches());
        boolean dates = entries.stream()
                .filter(entry -> isText(entry) && !MISSING.contains(entry.getAsString()))
                .allMatch(entry -> DATE.matcher(entry.getAsString()).matches());
        JsonArray typed = new JsonArray();
        for (JsonElement entry : entries) {
            if (entry.isJsonArray()) {
                typed.add(typed(entry.getAsJsonArray()));
            } else if (!isText(entry)) {
                typed.add(entry);
            } else if (values || dates) {
                typed.add(MISSING.contains(entry.getAsString()) ? JsonNull.INSTANCE : values ? unquoted(entry) : entry);
            } else {
                typed.add(PlotlyFigure.escape(entry.getAsString()));
            }
        }
        return typed;
    }
}
