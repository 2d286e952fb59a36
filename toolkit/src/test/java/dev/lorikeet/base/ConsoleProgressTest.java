package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLogGetsOneLineAtTheEnd() {
        try (ConsoleProgress progress = new ConsoleProgress("Loading", 4, out, false)) {
            progress.at(2, "half");
            assertEquals("", printed());
            progress.at(3, "most");
            progress.close();
        }
        assertTrue(
                printed().strip().matches("Loading \\[={18} {6}\\] 3/4 \\d+\\.\\d s  most"), "\"" + printed() + "\"");
        assertEquals(1, printed().lines().count());
    }

    @Test
    void aTerminalIsWrittenOverAndNotTooOften() {
        try (ConsoleProgress progress = new ConsoleProgress("Loading", 1000, out, true)) {
            for (int i = 1; i <= 1000; i++) {
                progress.at(i, "");
            }
        }
        String[] drawn = printed().split("\r");
        assertTrue(drawn.length >= 3 && drawn.length < 100, drawn.length + " times");
        assertTrue(drawn[drawn.length - 1].contains("[" + "=".repeat(24) + "] 1000/1000"), drawn[drawn.length - 1]);
    }

    @Test
    void aTaskOfNothingIsComplete() {
        new ConsoleProgress("Nothing", 0, out, false).close();
        assertTrue(printed().contains("[" + "=".repeat(24) + "] 0/0"), printed());
    }

    @Test
    void moreThanTheTotalFillsTheBar() {
        ConsoleProgress progress = new ConsoleProgress("More", 2, out, false);
        progress.at(3, "");
        progress.close();
        assertTrue(printed().contains("[" + "=".repeat(24) + "] 3/2"), printed());
    }
}
