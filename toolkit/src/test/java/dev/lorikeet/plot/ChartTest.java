package dev.lorikeet.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.base.BadArgumentException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static final double[] X = {0, 1, 2, 3};

    private final Chart losses = Chart.titled("Loss <&> \"more\"")
            .x(Axis.of("Epochs").range(0, 5))
            .top(Axis.of("Examples seen").range(0, 5200))
            .y(Axis.of("Loss"))
            .line("Training", X, new double[] {2, Double.NaN, 1, Double.POSITIVE_INFINITY})
            .line("Validation", X, new double[] {2.5, 2, 1.5, 1});

    @Test
    void theFigureIsJsonWithGapsForWhatIsNoNumber() {
        JsonObject figure = figure(losses);
        JsonArray y = trace(figure, 0).getAsJsonArray("y");

        assertEquals(2.0, y.get(0).getAsDouble());
        assertTrue(y.get(1).isJsonNull() && y.get(3).isJsonNull());
        assertEquals("Loss &lt;&amp;&gt; \"more\"", text(figure.getAsJsonObject("layout"), "title"));
        assertFalse(losses.plotly().contains("NaN") || losses.plotly().contains("Infinity"));
    }

    @Test
    void theTopAxisLiesOverTheBottomOneAndATraceHoldsItThere() {
        JsonObject figure = figure(losses);
        JsonObject top = figure.getAsJsonObject("layout").getAsJsonObject("xaxis2");
        JsonObject carrier = trace(figure, 2);

        assertEquals("x", top.get("overlaying").getAsString());
        assertEquals("top", top.get("side").getAsString());
        assertEquals("[0.0,5200.0]", top.getAsJsonArray("range").toString());
        assertEquals("Examples seen", text(top, "title"));
        assertEquals("x2", carrier.get("xaxis").getAsString());
        assertFalse(carrier.get("showlegend").getAsBoolean());
        assertEquals("[null,null]", carrier.getAsJsonArray("y").toString());
        assertEquals(3, figure.getAsJsonArray("data").size());
    }

    @Test
    void pointingAtAPointTellsAllItsCoordinates() {
        JsonObject first = trace(figure(losses), 0);
        String hover = first.get("hovertemplate").getAsString();

        assertTrue(hover.contains("Loss: %{y") && hover.contains("Epochs: %{x"), hover);
        assertTrue(hover.contains("Examples seen: %{customdata"), hover);
        assertEquals(1040, first.getAsJsonArray("customdata").get(1).getAsDouble(), 1e-9);
        String memory = trace(
                        figure(Chart.titled("m").y(Axis.of("Memory").unit("MB")).line("a", X, X)), 0)
                .get("hovertemplate")
                .getAsString();
        assertTrue(memory.contains("} MB"), memory);
    }

    @Test
    void itFollowsTheWidthOfThePageOnAGroundOfItsOwn() {
        JsonObject layout = figure(losses).getAsJsonObject("layout");

        assertTrue(layout.get("autosize").getAsBoolean());
        assertFalse(layout.has("width"));
        assertEquals("#FFFFFF", layout.get("paper_bgcolor").getAsString());
        assertEquals("#FFFFFF", layout.get("plot_bgcolor").getAsString());
        assertTrue(figure(losses).getAsJsonObject("config").get("responsive").getAsBoolean());
    }

    @Test
    void seriesDifferByColourAndByDashOrMarker() {
        Chart four = Chart.titled("t");
        for (int i = 0; i < 4; i++) {
            four = four.add(Series.line("s" + i, X, X).style(Series.Style.LINE_AND_MARKERS));
        }
        JsonObject figure = figure(four);
        Set<String> colours = new TreeSet<>();
        Set<String> dashes = new TreeSet<>();
        Set<String> symbols = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            JsonObject line = trace(figure, i).getAsJsonObject("line");
            colours.add(line.get("color").getAsString());
            dashes.add(line.get("dash").getAsString());
            symbols.add(trace(figure, i).getAsJsonObject("marker").get("symbol").getAsString());
        }
        assertEquals(4, colours.size());
        assertEquals(4, dashes.size());
        assertEquals(4, symbols.size());
    }

    private static final Chart NAMED = Chart.titled("t")
            .x(Axis.of("runs").categories(List.of("a <1>", "b")))
            .bars("s", new double[] {0, 1}, new double[] {1.23456, 2})
            .bars("u", new double[] {0, 1}, new double[] {1, Double.NaN});

    @Test
    void categoriesStandInPlaceOfNumbersWithTheirValuesOverTheBars() {
        JsonObject figure = figure(NAMED);
        JsonObject x = figure.getAsJsonObject("layout").getAsJsonObject("xaxis");
        assertEquals("[0,1]", x.getAsJsonArray("tickvals").toString());
        assertEquals("a &lt;1&gt;", x.getAsJsonArray("ticktext").get(0).getAsString());
        assertEquals("[-0.5,1.5]", x.getAsJsonArray("range").toString());
        assertEquals(
                "[\"1.235\",\"2\"]", trace(figure, 0).getAsJsonArray("text").toString());
        assertEquals("group", figure.getAsJsonObject("layout").get("barmode").getAsString());
        assertThrows(BadArgumentException.class, () -> Axis.of("runs").categories(List.of()));
    }

    @Test
    void stackedBarsBeginWhereTheOnesBelowEnd() throws IOException {
        Chart stacked = NAMED.stackBars();
        assertEquals(
                "stack",
                figure(stacked).getAsJsonObject("layout").get("barmode").getAsString());
        assertEquals(1.23456, stacked.bases(stacked.series().get(1))[0]);
        assertEquals(0, NAMED.bases(NAMED.series().get(1))[0]);
        assertFalse(trace(figure(stacked), 0).has("text"), "values would stand within the bars");
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(stacked.png(300, 200, 1)));
        assertTrue(highest(image, Look.colour(1)) < highest(image, Look.colour(0)), "the second stands higher");
    }

    /** The first line of the picture with this colour. */
    private static int highest(BufferedImage image, Color colour) {
        for (int y = 0; y < image.getHeight(); y++) {
            // The left bar: the right one has no second part.
            for (int x = 0; x < image.getWidth() / 2; x++) {
                if (image.getRGB(x, y) == colour.getRGB()) {
                    return y;
                }
            }
        }
        throw new AssertionError("no " + colour);
    }

    @Test
    void aLogarithmicAxisTakesExponentsAndLeavesOutWhatHasNoLogarithm() {
        JsonObject figure = figure(Chart.titled("t")
                .y(Axis.of("Loss").range(0.01, 100).logarithmic())
                .line("a", X, new double[] {10, 0, -1, 1}));
        JsonObject y = figure.getAsJsonObject("layout").getAsJsonObject("yaxis");

        assertEquals("log", y.get("type").getAsString());
        assertEquals("[-2.0,2.0]", y.getAsJsonArray("range").toString());
        assertEquals(
                "[10.0,null,null,1.0]", trace(figure, 0).getAsJsonArray("y").toString());
    }

    @Test
    void anAxisOfDoublingsIsMarkedAtPowersOfTwo() {
        Chart chart = Chart.titled("t")
                .x(Axis.of("Rank").doublings())
                .line("a", new double[] {1, 2, 4, 64}, new double[] {4, 3, 2, 1});
        JsonObject x = figure(chart).getAsJsonObject("layout").getAsJsonObject("xaxis");

        assertEquals("log", x.get("type").getAsString());
        assertEquals(Math.log10(2), x.get("dtick").getAsDouble(), 1e-12);
        assertTrue(chart.png(300, 200).length > 1000);
    }

    @Test
    void cellsAreColouredByTheirValuesWhichStandInThem() throws IOException {
        Chart chart = Chart.titled("t")
                .x(Axis.of("said").categories(List.of("a", "b")))
                .y(Axis.of("is").categories(List.of("c")))
                .add(Series.cells("Texts", new double[] {0, 1}, new double[] {0, 0}, new double[] {1, 12}));
        JsonObject cells = trace(figure(chart), 0);

        assertEquals("heatmap", cells.get("type").getAsString());
        assertEquals("[\"1\",\"12\"]", cells.getAsJsonArray("text").toString());
        assertEquals(12, cells.get("zmax").getAsDouble());
        assertEquals(
                "<b>Texts: 12</b><br>said: b<br>is: c",
                cells.getAsJsonArray("hovertext").get(1).getAsString());
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(chart.png(400, 300, 1)));
        assertTrue(pixels(image, Look.heat(1 / 12.0).getRGB()) > 1000);
        assertTrue(pixels(image, Look.heat(1).getRGB()) > 1000);
        assertTrue(pixels(image, Color.WHITE.getRGB()) > 5, "the number on the dark cell");
        assertTrue(pixels(image, Color.BLACK.getRGB()) > 0, "the number on the light cell");
    }

    @Test
    void theRightAxisHasItsOwnSeries() {
        Chart dual = Chart.titled("t")
                .right(Axis.of("Memory").unit("MB"))
                .line("a", X, X)
                .add(Series.bars("b", new double[] {0, 0.5}, new double[] {1, 2})
                        .onTheRight());
        JsonObject figure = figure(dual);

        assertEquals("y", trace(figure, 0).get("yaxis").getAsString());
        assertEquals("y2", trace(figure, 1).get("yaxis").getAsString());
        assertEquals("bar", trace(figure, 1).get("type").getAsString());
        assertEquals(0.45, trace(figure, 1).get("width").getAsDouble(), 1e-9);
        assertEquals("Memory (MB)", text(figure.getAsJsonObject("layout").getAsJsonObject("yaxis2"), "title"));
    }

    @Test
    void thePictureHasTwiceThePixelsAndShowsEachSeries() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(losses.png(400, 300)));

        assertEquals(800, image.getWidth());
        assertEquals(600, image.getHeight());
        assertEquals(Look.GROUND.getRGB(), image.getRGB(1, 1));
        assertTrue(pixels(image, Look.colour(0).getRGB()) > 50);
        assertTrue(pixels(image, Look.colour(1).getRGB()) > 50);
        assertEquals(0, pixels(image, Look.colour(2).getRGB()));
    }

    /** WCAG 2: 4.5 for text, 3 for what else must be seen, such as lines. */
    @Test
    void textAndLinesCanBeReadInEveryTheme() {
        assertEquals(21, Look.contrast(Color.BLACK, Color.WHITE), 1e-9);
        assertEquals(4.54, Look.contrast(new Color(0x767676), Color.WHITE), 0.01, "WCAG's own example");
        assertEquals(255, Look.GROUND.getAlpha(), "the theme does not show through");
        assertTrue(Look.contrast(Look.TEXT, Look.GROUND) >= 4.5);
        for (int i = 0; i < Look.COLOUR_COUNT; i++) {
            for (Color ground : List.of(Look.GROUND, new Color(0x111111))) {
                double contrast = Look.contrast(Look.colour(i), ground);
                assertTrue(contrast >= 3, "colour " + i + " on " + ground + ": " + contrast);
            }
        }
        for (double share = 0; share <= 1; share += 0.05) {
            Color cell = Look.heat(share);
            assertTrue(Look.contrast(Look.textOn(cell), cell) >= 4.5, "cell " + share);
        }
        JsonObject layout = figure(losses).getAsJsonObject("layout");
        assertEquals(
                PlotlyFigure.css(Look.TEXT),
                layout.getAsJsonObject("font").get("color").getAsString());
    }

    @Test
    void ticksAreAtRoundNumbers() {
        assertEquals("[0.0, 1000.0, 2000.0, 3000.0, 4000.0, 5000.0]", Arrays.toString(Ticks.between(0, 5304, 6)));
        assertEquals("[0.0, 1.0, 2.0, 3.0, 4.0]", Arrays.toString(Ticks.between(0, 4.08, 6)), "no part of an example");
        assertEquals("[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]", Arrays.toString(Ticks.between(0, 1.02, 6)));
        assertEquals("[-0.1, 0.0, 0.1, 0.2, 0.3]", Arrays.toString(Ticks.between(-0.1, 0.3, 4)));

        JsonObject top = figure(losses).getAsJsonObject("layout").getAsJsonObject("xaxis2");
        assertEquals("array", top.get("tickmode").getAsString());
        assertEquals(
                "[0.0,1000.0,2000.0,3000.0,4000.0,5000.0]",
                top.getAsJsonArray("tickvals").toString());
        assertEquals("1,000", top.getAsJsonArray("ticktext").get(1).getAsString());
    }

    @Test
    void faintPointsAreSmallAndGrey() {
        JsonObject marker = trace(
                        figure(Chart.titled("t").add(Series.markers("a", X, X).inTheBackground())), 0)
                .getAsJsonObject("marker");
        assertEquals(4, marker.get("size").getAsInt());
        assertTrue(marker.get("color").getAsString().startsWith("rgba(128,128,128,"), marker.toString());
        assertTrue(Series.markers("a", X, X)
                .inTheBackground()
                .labels(List.of("a", "b", "c", "d"))
                .faint());
    }

    @Test
    void everyKindOfChartCanBeDrawn() {
        Chart kinds = Chart.titled("t")
                .y(Axis.of("y").logarithmic())
                .right(Axis.of("r"))
                .line("a", X, new double[] {1e-3, 1, 1e3, 1e6})
                .markers("b", X, new double[] {1, 2, 3, 4})
                .add(Series.bars("c", X, X).onTheRight());

        assertTrue(kinds.png(300, 200).length > 1000);
        assertTrue(Chart.titled("nothing in it").png(300, 200).length > 1000);
    }

    @Test
    void whatCannotBeDrawnIsRefusedWithItsName() {
        assertRefused("\"Training\"", () -> Series.line("Training", X, new double[2]));
        assertRefused("0 values", () -> Series.line("b", X, X).style(Series.Style.CELLS));
        assertRefused("3 texts", () -> Series.bars("b", X, X).labels(List.of("a", "b", "c")));
        assertRefused("\"Loss\"", () -> Axis.of("Loss").range(1, 1));
        assertRefused("\"Loss\"", () -> Axis.of("Loss").logarithmic().range(0, 1));
        assertRefused("Seen", () -> Chart.titled("t").top(Axis.of("Seen").range(0, 1)));
        assertRefused(
                "\"a\"", () -> Chart.titled("t").add(Series.line("a", X, X).onTheRight()));
        assertRefused("width", () -> losses.png(10, 300));
    }

    private static void assertRefused(String named, Runnable call) {
        String message = assertThrows(BadArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(named), message);
    }

    private static int pixels(BufferedImage image, int colour) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += image.getRGB(x, y) == colour ? 1 : 0;
            }
        }
        return count;
    }

    private static JsonObject figure(Chart chart) {
        return JsonParser.parseString(chart.plotly()).getAsJsonObject();
    }

    private static JsonObject trace(JsonObject figure, int index) {
        return figure.getAsJsonArray("data").get(index).getAsJsonObject();
    }

    private static String text(JsonObject of, String title) {
        return of.getAsJsonObject(title).get("text").getAsString();
    }
}
