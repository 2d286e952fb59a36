package dev.lorikeet.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SvgDrawingTest {

    private static final double[] X = {1, 2, 3, 4, 5};

    private static Element svg(Chart chart) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart.svg())))
                .getDocumentElement();
    }

    private static List<Element> elements(Element root, String name) {
        NodeList nodes = root.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static List<String> texts(Element root) {
        return elements(root, "text").stream().map(Element::getTextContent).toList();
    }

    private static String line(Element root) {
        return elements(root, "path").stream()
                .filter(path -> path.getAttribute("fill").equals("none"))
                .map(path -> path.getAttribute("d"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLineHasAPlaceForEachValueAndAGapWhereThereIsNone() throws Exception {
        Chart chart = Chart.titled("Loss <&> \"more\"").line("Training", X, new double[] {5, 4, Double.NaN, 2, 1});
        String line = line(svg(chart));
        assertEquals("MLML", line.replaceAll("[^ML]", ""));
        assertTrue(texts(svg(chart)).contains("Loss <&> \"more\""));
    }

    @Test
    void valuesLieWhereTheirAxisSays() throws Exception {
        Chart chart = Chart.titled("t")
                .x(Axis.of("x").range(0, 10))
                .y(Axis.of("y").range(0, 10))
                .markers("m", new double[] {0, 10}, new double[] {10, 0});
        List<Element> circles = elements(svg(chart), "circle");
        assertEquals(List.of("64.0", "680.0"), attributes(circles, "cx"));
        assertEquals(List.of("44.0", "364.0"), attributes(circles, "cy"));
    }

    @Test
    void ticksAreRound() throws Exception {
        Chart chart = Chart.titled("t")
                .x(Axis.of("Epochs").range(0, 0.0192))
                .top(Axis.of("Examples seen").range(0, 103.7))
                .line("m", X, X);
        List<String> texts = texts(svg(chart));
        assertTrue(texts.containsAll(List.of("0.002", "0.018", "20", "100")), texts::toString);
    }

    @Test
    void logarithmicAxesHaveTicksAtPowersAndNoValuesBelowOne() throws Exception {
        Chart chart = Chart.titled("t")
                .x(Axis.of("Rank").doublings())
                .y(Axis.of("Loss"))
                .markers("m", new double[] {0, 2, 16}, new double[] {1, 2, 3});
        List<String> texts = texts(svg(chart));
        assertTrue(texts.containsAll(List.of("2", "4", "8", "16")), texts::toString);
        assertEquals(2, elements(svg(chart), "circle").size());
    }

    @Test
    void barsStandOnZeroAndOnEachOther() throws Exception {
        Axis runs = Axis.of("Run").categories(List.of("full", "LoRA"));
        Chart chart = Chart.titled("t")
                .x(runs)
                .bars("weights", new double[] {0, 1}, new double[] {4, 2})
                .bars("gradients", new double[] {0, 1}, new double[] {4, 0})
                .stackBars();
        List<Element> bars = new ArrayList<>(elements(svg(chart), "rect"));
        double foot = end(bars.get(0));
        assertEquals(foot, end(bars.get(1)), 0.02);
        assertEquals(number(bars.get(0), "y"), end(bars.get(2)), 0.02);
        assertEquals(number(bars.get(0), "height"), 2 * number(bars.get(1), "height"), 0.02);
        assertTrue(texts(svg(chart)).containsAll(List.of("full", "LoRA", "weights", "gradients")));
    }

    @Test
    void cellsShowTheirValues() throws Exception {
        Axis labels = Axis.of("Label").categories(List.of("ham", "spam"));
        double[] across = {0, 1, 0, 1};
        double[] up = {0, 0, 1, 1};
        Chart chart =
                Chart.titled("t").x(labels).y(labels).add(Series.cells("n", across, up, new double[] {140, 3, 7, 150}));
        assertTrue(texts(svg(chart)).containsAll(List.of("140", "3", "7", "150")));
        assertEquals(4, elements(svg(chart), "rect").size());
    }

    @Test
    void aChartWithoutValuesIsDrawnToo() throws Exception {
        assertTrue(texts(svg(Chart.titled("empty"))).contains("empty"));
        Chart same = Chart.titled("one").line("m", new double[] {3}, new double[] {3});
        assertTrue(!same.svg().contains("NaN"), same::svg);
    }

    private static List<String> attributes(List<Element> elements, String name) {
        return elements.stream().map(element -> element.getAttribute(name)).toList();
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static double end(Element bar) {
        return number(bar, "y") + number(bar, "height");
    }
}
