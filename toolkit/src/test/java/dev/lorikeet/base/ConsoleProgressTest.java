package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLogGetsOneLineAtTheEnd() {
        try (Progress progress = new ConsoleProgress("Loading", 4, out, false).in("files")) {
            progress.at(2, "half");
            assertEquals("", printed());
            progress.at(3, "most");
            progress.close();
        }
        assertTrue(
                printed().strip().matches("Loading \\[={12} {4}\\] stopped at 3 of 4 files · \\d+\\.\\d s · most"),
                printed());
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
        assertTrue(
                drawn[drawn.length - 1].contains("[" + "=".repeat(16) + "] 1,000 of 1,000 · in "),
                drawn[drawn.length - 1]);
    }

    @Test
    void aTaskOfNothingIsComplete() {
        new ConsoleProgress("Nothing", 0, out, false).close();
        assertTrue(printed().contains("[" + "=".repeat(16) + "] 0 of 0"), printed());
    }

    @Test
    void moreThanTheTotalFillsTheBar() {
        ConsoleProgress progress = new ConsoleProgress("More", 2, out, false);
        progress.at(3, "");
        progress.close();
        assertTrue(printed().contains("[" + "=".repeat(16) + "] 3 of 2"), printed());
    }

    @Test
    void anotherMessageErasesTheLineFirst() {
        ConsoleLine line = new ConsoleLine(out);
        PrintStream others = line.erasedBy(out);
        ConsoleProgress progress = new ConsoleProgress("Training", 3, line, true);
        progress.at(1, "loss 0.5");
        others.println("Epoch 1");
        progress.close();

        assertEquals("Epoch 1", screen().get(0));
        assertTrue(screen().get(1).startsWith("Training [=====           ] stopped at 1 of 3"), screen().toString());
        assertEquals(2, screen().size());
    }

    @Test
    void aLineNeverWrapsAndNothingOfALongerOneStays() {
        ConsoleLine line = new ConsoleLine(out);
        line.draw("x".repeat(500));
        line.draw("short");

        assertTrue(Stream.of(printed().split("\r")).allMatch(each -> each.length() <= 200), printed());
        assertEquals(List.of("short"), screen());
    }

    /** What a terminal shows: a carriage return goes back to the start of the line, and later characters replace earlier ones. */
    private List<String> screen() {
        return Stream.of(printed().replace(System.lineSeparator(), "\n").split("\n"))
                .map(ConsoleProgressTest::overwritten)
                .toList();
    }

    private static String overwritten(String line) {
        StringBuilder shown = new StringBuilder();
        for (String part : line.split("\r")) {
            shown.replace(0, Math.min(shown.length(), part.length()), part);
        }
        return shown.toString().stripTrailing();
    }
}
