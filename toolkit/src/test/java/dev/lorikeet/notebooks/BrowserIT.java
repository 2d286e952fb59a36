package dev.lorikeet.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a reader sees in JupyterLab while a notebook runs: the live chart grows with the steps, and its end is the whole run. */
class BrowserIT {

    /** Enough for a run that lasts some redraws of the chart. */
    private static final int STEPS = 9;

    private static final long PATIENCE_NANOS = 600_000_000_000L;

    /** The chart is drawn once a second, the bar five times; a step may come between. */
    private static final int STEPS_BEHIND = 3;

    /** Scrolls to the running cell, as a reader does, and tells what each cell with a live chart shows. */
    private static final String LOOK =
            """
            (() => {
                const notebook = panel.content;
                const waits = cell => cell.model.type === 'code' && cell.promptNode?.textContent.includes('*');
                const running = notebook.widgets.findIndex(waits);
                if (running >= 0 && notebook.activeCellIndex !== running) {
                    notebook.activeCellIndex = running;
                    notebook.scrollToItem(running, 'center');
                }
                const charts = notebook.widgets.map((cell, index) => {
                    if (cell.model.type !== 'code' || !cell.outputArea) return null;
                    if (cell.model.sharedModel.source.includes('.quietly()')) return null;
                    const node = cell.outputArea.node;
                    const line = node.querySelector('svg .lorikeet-series path[fill=none]');
                    const figure = node.querySelector('.js-plotly-plot');
                    const bar = node.textContent.match(/Training[^·]*?([0-9,]+) of (?:at most )?([0-9,]+)/);
                    return bar && {
                        cell: index,
                        step: Number(bar[1]),
                        growing: line ? line.getAttribute('d').match(/[ML]/g).length : 0,
                        drawn: figure && figure._fullData ? figure._fullData[0].x.length : 0,
                    };
                });
                return JSON.stringify({
                    waiting: notebook.widgets.filter(waits).length,
                    errors: [...document.querySelectorAll('.jp-OutputArea-output[data-mime-type*="error"]')]
                        .map(node => node.textContent),
                    charts: charts.filter(chart => chart),
                });
            })()
            """;

    /** JupyterLab shows the picture of a figure until the mouse comes. */
    private static final String POINT_AT_FIGURES =
            """
            for (const cell of panel.content.widgets) {
                const pictures = cell.outputArea?.node.querySelectorAll('.plot-img') ?? [];
                pictures.forEach(picture => picture.dispatchEvent(new MouseEvent('mouseenter')));
            }
            """;

    /** How a chart looks in each theme, and how wide its picture gets in a narrow window. */
    private static final String LOOK_AT_CHARTS =
            """
            (() => {
                const filter = theme => {
                    const before = document.body.dataset.jpThemeLight;
                    document.body.dataset.jpThemeLight = theme;
                    const shown = getComputedStyle(document.querySelector('.jp-RenderedPlotly')).filter;
                    document.body.dataset.jpThemeLight = before;
                    return shown;
                };
                const narrow = document.createElement('div');
                narrow.style.width = '300px';
                const picture = new Image(720, 420);
                picture.className = 'plot-img';
                narrow.append(picture);
                document.body.append(narrow);
                const width = picture.getBoundingClientRect().width;
                narrow.remove();
                return JSON.stringify({ light: filter('true'), dark: filter('false'), width: width });
            })()
            """;

    private static final String OPENED =
            """
            window.panel = [...(window.jupyterapp?.shell.widgets('main') ?? [])].find(widget => widget.sessionContext),
            panel?.sessionContext.session?.kernel?.connectionStatus === 'connected'
                && panel.content.widgets.length > 1
            """;

    private static final String RUN_ALL =
            """
            jupyterapp.shell.activateById(panel.id);
            jupyterapp.commands.execute('notebook:clear-all-cell-outputs')
                .then(() => { jupyterapp.commands.execute('notebook:run-all-cells'); return true; })
            """;

    /** Ends the kernel of the notebook that was looked at, for the next one to have the machine. */
    private static final String CLOSE =
            """
            window.panel && panel.sessionContext.shutdown().then(() => { panel.dispose(); return true; })
            """;

    @TempDir
    static Path folder;

    private static LabServer lab;
    private static Browser browser;

    private static void start() throws Exception {
        if (lab == null) {
            Path notebooks = Files.createDirectories(folder.resolve("notebooks"));
            copy(TestData.checkout().resolve("datasets"), folder.resolve("datasets"));
            Path settings = Files.createDirectories(folder.resolve("settings"));
            lab = LabServer.start(notebooks, settings, Map.of("LORIKEET_STEPS", String.valueOf(STEPS)));
        }
        if (browser == null) {
            Path profile = Files.createDirectories(folder.resolve("browser"));
            browser = Browser.start(Browser.program().orElseThrow(), profile, 1400, 1000);
        }
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (browser != null) {
            browser.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    /** How the names of the notebooks begin: one in each build, which evaluates while it trains; the others take five minutes more. */
    static List<String> looked() {
        return Boolean.getBoolean("notebooks.whole") ? List.of("01", "03", "06") : List.of("03");
    }

    @ParameterizedTest
    @MethodSource("looked")
    void theLiveChartGrowsAndEndsWithTheWholeRun(String beginning) throws Exception {
        assumeFalse(Boolean.getBoolean("skipNotebooks"), "notebooks are skipped: -DskipNotebooks");
        assumeTrue(Browser.program().isPresent(), "there is no Chromium on the PATH, and none in LORIKEET_BROWSER");
        start();
        Path notebook = upToTheLastRun(beginning);
        Path pictures = TestData.checkout().resolve("target/browser");
        Path running = pictures.resolve(beginning + "-running.png");
        Files.deleteIfExists(running);
        try {
            browser.open(lab.url(notebook.getFileName().toString()));
            browser.await(OPENED);
            browser.evaluate(RUN_ALL);
            check(watch(running));
            checkCharts();
        } finally {
            browser.screenshot(pictures.resolve(beginning + "-end.png"));
            browser.evaluate(CLOSE);
        }
    }

    /** A notebook without the cells after its last training, which other tests run, and without outputs. */
    private static Path upToTheLastRun(String beginning) throws IOException {
        Path original = named(TestData.checkout().resolve("notebooks"), beginning);
        JsonObject notebook = TestData.json(original);
        JsonArray cells = notebook.getAsJsonArray("cells");
        int last = 0;
        for (int i = 0; i < cells.size(); i++) {
            JsonObject cell = cells.get(i).getAsJsonObject();
            if (cell.get("cell_type").getAsString().equals("code")) {
                cell.add("outputs", new JsonArray());
                last = source(cell).contains(".run()") ? i : last;
            }
        }
        assertTrue(last > 0, original + " trains nothing");
        while (cells.size() > last + 1) {
            cells.remove(cells.size() - 1);
        }
        return Files.writeString(folder.resolve("notebooks").resolve(original.getFileName()), notebook.toString());
    }

    private static String source(JsonObject cell) {
        JsonElement source = cell.get("source");
        return source.isJsonArray()
                ? source.getAsJsonArray().asList().stream()
                        .map(JsonElement::getAsString)
                        .collect(Collectors.joining())
                : source.getAsString();
    }

    /** Looks until no cell waits; takes a picture once the chart has grown. */
    private static List<JsonObject> watch(Path picture) throws IOException, InterruptedException {
        List<JsonObject> looks = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end) {
            JsonObject look =
                    JsonParser.parseString(browser.evaluate(LOOK).getAsString()).getAsJsonObject();
            looks.add(look);
            assertEquals("[]", look.get("errors").toString());
            if (!Files.exists(picture) && largest(look, "growing") >= STEPS / 2) {
                browser.screenshot(picture);
            }
            boolean ended = look.get("waiting").getAsInt() == 0;
            if (ended && smallest(look, "drawn") > 0) {
                return looks;
            }
            if (ended) {
                browser.evaluate(POINT_AT_FIGURES);
            }
            Thread.sleep(250);
        }
        throw new AssertionError("the notebook did not end: " + looks.get(looks.size() - 1));
    }

    private static void check(List<JsonObject> looks) {
        JsonArray ended = looks.get(looks.size() - 1).getAsJsonArray("charts");
        assertTrue(!ended.isEmpty(), "no run was seen");
        for (JsonElement chart : ended) {
            JsonObject last = chart.getAsJsonObject();
            int steps = last.get("step").getAsInt();
            assertEquals(steps, last.get("drawn").getAsInt(), "points of the figure at the end: " + last);
            assertEquals(0, last.get("growing").getAsInt(), "the live chart is still there: " + last);
            int most = 0;
            for (JsonObject look : looks) {
                for (JsonObject seen : charts(look, last.get("cell").getAsInt())) {
                    int points = seen.get("growing").getAsInt();
                    assertTrue(points <= seen.get("step").getAsInt() + 1, "more points than steps: " + seen);
                    most = Math.max(most, points);
                }
            }
            assertTrue(most >= steps / 3, "at most " + most + " points in mid-run, of " + steps + " steps");
            assertTrue(most >= steps - STEPS_BEHIND - 2, "the chart stopped at " + most + " of " + steps + " steps");
        }
    }

    private static void checkCharts() {
        JsonObject look = JsonParser.parseString(
                        browser.evaluate(LOOK_AT_CHARTS).getAsString())
                .getAsJsonObject();
        assertEquals("none", look.get("light").getAsString());
        assertTrue(look.get("dark").getAsString().contains("invert"), "a white ground in the dark theme: " + look);
        assertTrue(look.get("width").getAsDouble() <= 300, "a narrow window cuts the picture: " + look);
    }

    private static List<JsonObject> charts(JsonObject look, int cell) {
        return look.getAsJsonArray("charts").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(chart -> chart.get("cell").getAsInt() == cell)
                .toList();
    }

    private static int largest(JsonObject look, String what) {
        return look.getAsJsonArray("charts").asList().stream()
                .mapToInt(chart -> chart.getAsJsonObject().get(what).getAsInt())
                .max()
                .orElse(0);
    }

    private static int smallest(JsonObject look, String what) {
        return look.getAsJsonArray("charts").asList().stream()
                .mapToInt(chart -> chart.getAsJsonObject().get(what).getAsInt())
                .min()
                .orElse(0);
    }

    private static Path named(Path notebooks, String beginning) throws IOException {
        try (Stream<Path> files = Files.list(notebooks)) {
            return files.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .filter(file -> file.toString().endsWith(".ipynb"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
