package dev.lorikeet.notebooks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every notebook runs to its end, two at a time. Its training is cut to two steps, by which each cell is executed; whole, as a reader sees it, with
 * {@code mvn verify -Pnotebooks}.
 */
class NotebookIT {

    private static final boolean WHOLE = Boolean.getBoolean("notebooks.whole");

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> quick() throws IOException {
        Map<String, String> environment = WHOLE ? Map.of() : Map.of("LORIKEET_STEPS", "2");
        return NotebookRuns.notebooks(
                WHOLE ? "quick, whole" : "quick, two steps",
                List.of(""),
                notebook -> NotebookRuns.passes(notebook, "target/notebooks", environment));
    }
}
