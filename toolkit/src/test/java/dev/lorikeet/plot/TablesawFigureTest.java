package dev.lorikeet.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Json;
import io.pebbletemplates.pebble.PebbleEngine;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tech.tablesaw.api.DateColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.api.AreaPlot;
import tech.tablesaw.plotly.api.BoxPlot;
import tech.tablesaw.plotly.api.BubblePlot;
import tech.tablesaw.plotly.api.Heatmap;
import tech.tablesaw.plotly.api.Histogram;
import tech.tablesaw.plotly.api.Histogram2D;
import tech.tablesaw.plotly.api.HorizontalBarPlot;
import tech.tablesaw.plotly.api.LinePlot;
import tech.tablesaw.plotly.api.OHLCPlot;
import tech.tablesaw.plotly.api.PiePlot;
import tech.tablesaw.plotly.api.Scatter3DPlot;
import tech.tablesaw.plotly.api.ScatterPlot;
import tech.tablesaw.plotly.api.TimeSeriesPlot;
import tech.tablesaw.plotly.api.VerticalBarPlot;
import tech.tablesaw.plotly.api.ViolinPlot;
import tech.tablesaw.plotly.components.Axis.Type;
import tech.tablesaw.plotly.components.Config;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Font;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;

class TablesawFigureTest {

    private static final String[] NAMES = {"it's \"so\"", "a\\b\n</script>", "<s> & 😀"};
    private static final List<String> ESCAPED = List.of("it's \"so\"", "a\\b\n&lt;/script&gt;", "&lt;s&gt; &amp; 😀");

    private static final Table TABLE = Table.create(
            "texts",
            IntColumn.create("length", 1, 2, 4),
            DoubleColumn.create("loss", 1.5, Double.NaN, 3e-7),
            StringColumn.create("label", NAMES),
            DateColumn.create("day", LocalDate.of(2024, 1, 1), LocalDate.of(2024, 1, 2), null));

    private static final Map<String, Figure> KINDS = Map.ofEntries(
            Map.entry("histogram", Histogram.create("t", TABLE, "length")),
            Map.entry("scatter", ScatterPlot.create("t", TABLE, "length", "loss")),
            Map.entry("line", LinePlot.create("t", TABLE, "length", "loss")),
            Map.entry("area", AreaPlot.create("t", TABLE, "length", "loss")),
            Map.entry("bubble", BubblePlot.create("t", TABLE, "length", "loss", "length")),
            Map.entry("bar", VerticalBarPlot.create("t", TABLE, "label", "length")),
            Map.entry("horizontal bar", HorizontalBarPlot.create("t", TABLE, "label", "length")),
            Map.entry("box", BoxPlot.create("t", TABLE, "label", "length")),
            Map.entry("violin", ViolinPlot.create("t", TABLE, "label", "length", true, true)),
            Map.entry("heat map", Heatmap.create("t", TABLE, "label", "length")),
            Map.entry("histogram of two", Histogram2D.create("t", TABLE, "length", "loss")),
            Map.entry("pie", PiePlot.create("t", TABLE, "label", "length")),
            Map.entry("time series", TimeSeriesPlot.create("t", TABLE, "day", "loss")),
            Map.entry("prices", OHLCPlot.create("t", TABLE, "day", "length", "length", "length", "length")),
            Map.entry("scatter in space", Scatter3DPlot.create("t", TABLE, "length", "length", "loss")));

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("line", "scatter"),
            Map.entry("area", "scatter"),
            Map.entry("bubble", "scatter"),
            Map.entry("horizontal bar", "bar"),
            Map.entry("heat map", "heatmap"),
            Map.entry("histogram of two", "histogram2d"),
            Map.entry("time series", "scatter"),
            Map.entry("prices", "ohlc"),
            Map.entry("scatter in space", "scatter3d"));

    @TestFactory
    Stream<DynamicTest> everyKindIsJsonThatFollowsThePage() {
        return KINDS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    JsonObject figure = json(entry.getValue());
                    JsonObject layout = figure.getAsJsonObject("layout");
                    String type = TYPES.getOrDefault(entry.getKey(), entry.getKey());

                    assertEquals(type, trace(figure).get("type").getAsString());
                    assertEquals(
                            "t", layout.getAsJsonObject("title").get("text").getAsString());
                    assertTrue(layout.get("autosize").getAsBoolean());
                    assertFalse(layout.has("width"), "Tablesaw's 800 pixels are too many for a cell");
                    assertEquals(Look.HEIGHT, layout.get("height").getAsInt());
                    assertEquals("#FFFFFF", layout.get("paper_bgcolor").getAsString());
                    assertTrue(
                            figure.getAsJsonObject("config").get("responsive").getAsBoolean());
                    String text = TablesawFigure.of(entry.getValue()).plotly();
                    assertFalse(text.contains("NaN") || text.contains("\"null\""), text);
                }));
    }

    @Test
    void numbersAreNumbersAndNanIsNull() {
        JsonObject points = trace(json(KINDS.get("scatter")));
        assertEquals("[1.0,2.0,4.0]", points.getAsJsonArray("x").toString());
        assertEquals("[1.5,null,3.0E-7]", points.getAsJsonArray("y").toString());

        JsonObject bars = trace(json(VerticalBarPlot.create("t", TABLE, "label", "loss")));
        assertEquals("[1.5,null,3.0E-7]", bars.getAsJsonArray("y").toString());

        JsonObject days = trace(json(KINDS.get("time series")));
        assertEquals(
                "[\"2024-01-01\",\"2024-01-02\",null]", days.getAsJsonArray("x").toString());
    }

    @Test
    void specialCharactersSurvive() {
        JsonArray names = trace(json(KINDS.get("bar"))).getAsJsonArray("x");
        assertEquals(ESCAPED, List.of(text(names, 0), text(names, 1), text(names, 2)));
        assertEquals(
                List.of(NAMES),
                TablesawFigure.of(KINDS.get("bar")).chart().orElseThrow().x().categories());

        for (int i = 0; i < NAMES.length; i++) {
            Figure named = new Figure(
                    Layout.builder(NAMES[i], NAMES[i], NAMES[i]).build(),
                    ScatterTrace.builder(new double[] {1}, new double[] {2})
                            .name(NAMES[i])
                            .build());
            JsonObject layout = json(named).getAsJsonObject("layout");
            for (JsonObject each : List.of(layout, layout.getAsJsonObject("xaxis"), layout.getAsJsonObject("yaxis"))) {
                assertEquals(
                        ESCAPED.get(i),
                        each.getAsJsonObject("title").get("text").getAsString());
            }
            assertEquals(ESCAPED.get(i), trace(json(named)).get("name").getAsString());
        }
    }

    @Test
    void whatIsSetStaysAndWhatPlotlyNoLongerReadsIsMended() {
        Figure figure = new Figure(
                Layout.builder("t")
                        .width(500)
                        .height(300)
                        .xAxis(tech.tablesaw.plotly.components.Axis.builder()
                                .title("Rate")
                                .titleFont(Font.builder().size(20).build())
                                .type(Type.LOG)
                                .range(0, 5)
                                .build())
                        .build(),
                Config.builder().displayLogo(true).build(),
                HeatmapTrace.builder(
                                new Object[] {"a", "b"}, new Object[] {1, 2}, new double[][] {{1, Double.NaN}, {3, 4}})
                        .build());
        JsonObject json = json(figure);
        JsonObject layout = json.getAsJsonObject("layout");
        JsonObject axis = layout.getAsJsonObject("xaxis");

        assertEquals(500, layout.get("width").getAsInt());
        assertEquals(300, layout.get("height").getAsInt());
        assertFalse(layout.get("autosize").getAsBoolean());
        assertEquals("[0.0,5.0]", axis.getAsJsonArray("range").toString());
        assertFalse(axis.has("titlefont"));
        JsonObject font = axis.getAsJsonObject("title").getAsJsonObject("font");
        assertEquals(20, font.get("size").getAsInt());
        assertFalse(font.has("color"), "Tablesaw's grey cannot be read on a dark page");
        assertTrue(json.getAsJsonObject("config").get("displaylogo").getAsBoolean());
        assertEquals("[[1.0,null],[3.0,4.0]]", trace(json).getAsJsonArray("z").toString());
    }

    @Test
    void aPictureIsDrawnOfTheKindsThatAChartHas() {
        List<String> drawn = KINDS.entrySet().stream()
                .filter(entry -> TablesawFigure.of(entry.getValue()).chart().isPresent())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        assertEquals(List.of("bar", "bubble", "heat map", "histogram", "line", "scatter"), drawn);

        Chart histogram = TablesawFigure.of(KINDS.get("histogram")).chart().orElseThrow();
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0), histogram.series().get(0).x());
        assertEquals(List.of(1.0, 1.0, 0.0, 1.0), histogram.series().get(0).y());
        Series cells = TablesawFigure.of(KINDS.get("heat map"))
                .chart()
                .orElseThrow()
                .series()
                .get(0);
        assertEquals(9, cells.values().size());
        assertEquals(3, cells.values().stream().mapToDouble(value -> value).sum());
        assertTrue(TablesawFigure.of(KINDS.get("bar")).chart().orElseThrow().png(300, 200).length > 1000);
    }

    @Test
    void aLineSaysWhatItIs() {
        assertEquals(
                "Figure \"t\": 1 trace (box)",
                TablesawFigure.of(KINDS.get("box")).toString());
    }

    @Test
    void aChartBecomesAFigureAndBackAgain() {
        double[] x = {1, 2, 3};
        Chart lines = Chart.titled("Loss <1>")
                .x(Axis.of("Step").range(0, 4))
                .y(Axis.of("Loss").unit("nats"))
                .right(Axis.of("Rate").logarithmic())
                .line("Training", x, new double[] {3, Double.NaN, 1})
                .add(Series.line("Rate", x, new double[] {1e-3, 1e-2, 1e-1})
                        .style(Series.Style.LINE_AND_MARKERS)
                        .onTheRight());
        JsonObject json = json(lines.figure());
        assertEquals(
                "y2",
                json.getAsJsonArray("data")
                        .get(1)
                        .getAsJsonObject()
                        .get("yaxis")
                        .getAsString());
        assertEquals(
                "right",
                json.getAsJsonObject("layout")
                        .getAsJsonObject("yaxis2")
                        .get("side")
                        .getAsString());
        Chart back = TablesawFigure.of(lines.figure()).chart().orElseThrow();
        assertEquals(lines.title(), back.title());
        assertEquals(lines.x(), back.x());
        assertEquals("Loss (nats)", back.y().title());
        assertEquals(Axis.Scale.DECADES, back.right().orElseThrow().scale());
        assertEquals(
                lines.series().stream().map(Series::y).toList().toString(),
                back.series().stream().map(Series::y).toList().toString());
        assertEquals(
                lines.series().stream().map(Series::style).toList(),
                back.series().stream().map(Series::style).toList());

        Chart counts = Plots.counts(TABLE, "label");
        Chart bars = TablesawFigure.of(Plots.figure(counts)).chart().orElseThrow();
        assertEquals(counts.x().categories(), bars.x().categories());
        assertEquals(counts.series().get(0).y(), bars.series().get(0).y());
    }

    @Test
    void whatTablesawCannotExpressIsRefused() {
        Chart top = Chart.titled("t")
                .x(Axis.of("Epochs").range(0, 1))
                .top(Axis.of("Examples").range(0, 10));
        String message = assertThrows(BadArgumentException.class, top::figure).getMessage();
        assertTrue(message.contains("\"Examples\"") && message.contains("withoutTop()"), message);
        assertEquals("t", top.withoutTop().figure().getLayout().getTitle());

        Chart right = Chart.titled("t")
                .right(Axis.of("r"))
                .add(Series.bars("b", new double[] {1}, new double[] {1}).onTheRight());
        assertTrue(assertThrows(BadArgumentException.class, right::figure)
                .getMessage()
                .contains("\"b\""));
    }

    @Test
    void aScriptThatIsNotTablesawsIsRefused() {
        for (String script : List.of("var x = [1];", "var x = {a 1}", "var x = {a: \"b", "var x = {a: 'b", "")) {
            assertThrows(BadArgumentException.class, () -> ScriptLiteral.assigned(script), script);
        }
        assertEquals(
                "{\"a\":[1.0,null,\"A\\n\",true],\"b\":{}}",
                ScriptLiteral.assigned("var x = {a: [1, NaN, \"\\u0041\\n\", true,], 'b': {},};")
                        .toString());
    }

    /** From 4.1 on, a template cannot include any file of the machine; see the comment in the module's pom.xml. */
    @Test
    void theTemplateLibraryIsTheMendedOne() {
        String place = PebbleEngine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        assertTrue(place.matches(".*pebble-4\\.[1-9].*"), place);
    }

    private static JsonObject json(Figure figure) {
        return Json.parse(TablesawFigure.of(figure).plotly()).getAsJsonObject();
    }

    private static JsonObject trace(JsonObject figure) {
        return figure.getAsJsonArray("data").get(0).getAsJsonObject();
    }

    private static String text(JsonArray names, int index) {
        return names.get(index).getAsString();
    }
}
