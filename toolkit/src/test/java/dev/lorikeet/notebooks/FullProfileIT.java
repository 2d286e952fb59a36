package dev.lorikeet.notebooks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The way that a reader goes with LORIKEET_PROFILE=full, cut to two steps, on a hub of the test's own. It takes ten minutes: {@code mvn
 * verify -Pnotebooks} runs it.
 */
@EnabledIfSystemProperty(named = "notebooks.whole", matches = "true")
class FullProfileIT {

    private static final String TWO_STEPS = "2";

    /** The beginnings of the names of those whose full profile takes another model; the other profiles differ in numbers only. */
    private static final List<String> OTHER_MODEL = List.of("02", "03", "04");

    private static StandInHub hub;

    @AfterAll
    static void close() throws IOException {
        if (hub != null) {
            hub.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> full() throws IOException {
        return NotebookRuns.notebooks("full, two steps", OTHER_MODEL, notebook -> {
            if (hub == null) {
                hub = StandInHub.start();
            }
            NotebookRuns.passes(
                    notebook,
                    "target/notebooks-full",
                    Map.of(
                            "LORIKEET_PROFILE",
                            "full",
                            "LORIKEET_STEPS",
                            TWO_STEPS,
                            "HF_ENDPOINT",
                            hub.endpoint(),
                            "HF_HOME",
                            hub.home().toString()));
        });
    }
}
