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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every notebook runs to its end by {@code binder/lab --run}, the command that readers are given. */
class NotebookIT {

    @TestFactory
    Stream<DynamicTest> notebooks() throws IOException {
        if (Boolean.getBoolean("skipNotebooks")) {
            return skipped("notebooks are skipped: -DskipNotebooks");
        }
        List<Path> notebooks = all();
        if (notebooks.isEmpty()) {
            return skipped("there are no notebooks");
        }
        return notebooks.stream()
                .map(notebook -> DynamicTest.dynamicTest(notebook.getFileName().toString(), () -> passes(notebook)));
    }

    /** One test that aborts: a factory that aborts itself would not be counted as skipped. */
    private static Stream<DynamicTest> skipped(String reason) {
        return Stream.of(DynamicTest.dynamicTest(reason, () -> abort(reason)));
    }

    private static List<Path> all() throws IOException {
        Path folder = TestData.checkout().resolve("notebooks");
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
        }
    }

    private static void passes(Path notebook) throws IOException, InterruptedException {
        Path written = TestData.checkout().resolve("target/notebooks");
        String name = notebook.getFileName().toString();
        Path executed = written.resolve(name);
        Path html = written.resolve(name.replace(".ipynb", ".html"));
        Files.deleteIfExists(executed);
        Files.deleteIfExists(html);

        assertEquals(0, run(notebook), "exit status of binder/lab --run " + name);
        assertTrue(Files.size(html) > 0, html + " is empty");
        assertFalse(hasErrorOutput(TestData.json(executed)), executed + " has an error output");
    }

    private static int run(Path notebook) throws IOException, InterruptedException {
        Path lab = TestData.checkout().resolve("binder/lab");
        Process process = new ProcessBuilder(lab.toString(), "--run", notebook.toString())
                .redirectErrorStream(true)
                .start();
        // Surefire's own channel is this process's standard output: it must not be inherited.
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(System.out::println);
        }
        return process.waitFor();
    }

    private static boolean hasErrorOutput(JsonObject notebook) {
        for (JsonElement cell : notebook.getAsJsonArray("cells")) {
            JsonArray outputs = cell.getAsJsonObject().getAsJsonArray("outputs");
            if (outputs != null && outputs.asList().stream().anyMatch(NotebookIT::isError)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isError(JsonElement output) {
        return output.getAsJsonObject().get("output_type").getAsString().equals("error");
    }
}
