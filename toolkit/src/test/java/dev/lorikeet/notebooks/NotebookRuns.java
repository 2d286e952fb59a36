package dev.lorikeet.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs notebooks to their end by {@code binder/lab --run}, the command that readers are given; with {@code -Dnotebook=04} those
 * alone whose names begin so.
 */
final class NotebookRuns {

    /** A formula in a text cell, such as $r$. */
    private static final Pattern FORMULA = Pattern.compile("\\$[A-Za-z][^$\"{}]*\\$");

    /** It needs a kernel that downloads Spark; {@code mvn verify -Pspark} runs it. */
    private static final String ON_SPARK = "09-on-spark.ipynb";

    private static final int LINES_TOLD = 40;

    private NotebookRuns() {}

    interface Run {
        void of(Path notebook) throws Exception;
    }

    static Stream<DynamicTest> notebooks(String profile, List<String> beginnings, Run run) throws IOException {
        if (Boolean.getBoolean("skipNotebooks")) {
            return skipped("notebooks are skipped: -DskipNotebooks");
        }
        List<Path> notebooks = all();
        if (notebooks.isEmpty()) {
            return skipped("there are no notebooks");
        }
        return notebooks.stream()
                .filter(notebook -> !notebook.getFileName().toString().equals(ON_SPARK))
                .filter(notebook ->
                        beginnings.stream().anyMatch(notebook.getFileName().toString()::startsWith))
                .map(notebook ->
                        DynamicTest.dynamicTest(notebook.getFileName() + ", " + profile, () -> run.of(notebook)));
    }

    /** One test that aborts: a factory that aborts itself would not be counted as skipped. */
    private static Stream<DynamicTest> skipped(String reason) {
        return Stream.of(DynamicTest.dynamicTest(reason, () -> abort(reason)));
    }

    private static List<Path> all() throws IOException {
        Path folder = TestData.checkout().resolve("notebooks");
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .filter(file -> file.getFileName().toString().startsWith(System.getProperty("notebook", "")))
                    .sorted()
                    .toList();
        }
    }

    static void passes(Path notebook, String folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path written = TestData.checkout().resolve(folder);
        String name = notebook.getFileName().toString();
        Path executed = written.resolve(name);
        Path html = written.resolve(name.replace(".ipynb", ".html"));
        Files.deleteIfExists(executed);
        Files.deleteIfExists(html);

        run(notebook, written, environment);
        assertIsWhole(notebook, Files.readString(html));
        assertFalse(hasErrorOutput(TestData.json(executed)), executed + " has an error output");
    }

    /** An exported page shows its formulas and pictures without the network. */
    private static void assertIsWhole(Path notebook, String html) throws IOException {
        assertTrue(html.contains("jp-CodeCell"), "the export of " + notebook + " has no cells");
        assertFalse(html.contains("<script"), "the export of " + notebook + " has a script");
        assertFalse(html.contains("src=\"pictures/"), "the export of " + notebook + " lacks a picture");
        if (FORMULA.matcher(Files.readString(notebook)).find()) {
            assertTrue(html.contains("<math"), "the export of " + notebook + " has no formulas");
        }
    }

    private static void run(Path notebook, Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path lab = TestData.checkout().resolve("binder/lab");
        ProcessBuilder builder = new ProcessBuilder(lab.toString(), "--run", notebook.toString(), folder.toString())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        Deque<String> last = new ArrayDeque<>();
        // Surefire's own channel is this process's standard output: it must not be inherited.
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> {
                System.out.println(line);
                last.add(line);
                if (last.size() > LINES_TOLD) {
                    last.remove();
                }
            });
        }
        assertEquals(
                0, process.waitFor(), () -> String.join("\n", last) + "\nexit status of binder/lab --run " + notebook);
    }

    private static boolean hasErrorOutput(JsonObject notebook) {
        for (JsonElement cell : notebook.getAsJsonArray("cells")) {
            JsonArray outputs = cell.getAsJsonObject().getAsJsonArray("outputs");
            if (outputs != null && outputs.asList().stream().anyMatch(NotebookRuns::isError)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isError(JsonElement output) {
        return output.getAsJsonObject().get("output_type").getAsString().equals("error");
    }
}
