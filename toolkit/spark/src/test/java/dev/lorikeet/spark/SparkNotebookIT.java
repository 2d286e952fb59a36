package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Notebook 09 runs to its end on the kernel that {@code binder/lab --spark} makes, its training cut to eight steps. */
class SparkNotebookIT {

    @Test
    void theNotebookRuns() throws IOException, InterruptedException {
        Path checkout = Path.of("").toAbsolutePath().getParent().getParent();
        Path out = checkout.resolve("target/notebooks-spark");
        ProcessBuilder builder = new ProcessBuilder(
                        checkout.resolve("binder/lab").toString(),
                        "--spark",
                        "--run",
                        checkout.resolve("notebooks/09-on-spark.ipynb").toString(),
                        out.toString())
                .redirectErrorStream(true);
        builder.environment().put("LORIKEET_STEPS", "8");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        String notebook = Files.readString(out.resolve("09-on-spark.ipynb"));
        assertEquals(2, notebook.split("to the last digit: true", -1).length - 1, said);
        assertTrue(notebook.contains("Killing process"), said);
    }
}
