package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QuantitiesTest {

    @Test
    void timesHaveTheirUnit() {
        assertEquals("0.4 s", Quantities.time(0.42));
        assertEquals("59.9 s", Quantities.time(59.94));
        assertEquals("1:00 min", Quantities.time(59.96));
        assertEquals("2:05 min", Quantities.time(125));
        assertEquals("1:02:05 h", Quantities.time(3725));
    }

    @Test
    void countsAgreeWithWhatTheyCount() {
        assertEquals("1 row", Quantities.counted(1, "row"));
        assertEquals("5,574 rows", Quantities.counted(5574, "row"));
        assertEquals("0 rows", Quantities.counted(0, "row"));
    }

    @Test
    void sizesAreInUnitsOf1024() {
        assertEquals("999 B", Quantities.bytes(999));
        assertEquals("1.0 KiB", Quantities.bytes(1024));
        assertEquals("474.7 MiB", Quantities.bytes(497_759_232));
        assertEquals("1.0 GiB", Quantities.bytes(1024 * 1024 * 1024 - 1), "not 1,024.0 MiB");
        assertEquals("2048.0 TiB", Quantities.bytes(Math.pow(2, 51)));
        assertEquals("1.50 GiB", Quantities.gib(1.5));
    }

    @Test
    void sharesLossesAndSpeedsHaveFixedDecimals() {
        assertEquals("97.32 %", Quantities.percent(0.97321));
        assertEquals("–", Quantities.percent(Double.NaN));
        assertEquals("0.500", Quantities.loss(0.5));
        assertEquals("8.4 tokens/s", Quantities.tokensPerSecond(8.42));
        assertEquals("100 tokens/s", Quantities.tokensPerSecond(99.96));
        assertEquals("1,234 tokens/s", Quantities.tokensPerSecond(1234.4));
        assertEquals("12,345", Quantities.count(12_345));
    }

    @Test
    void aTaskOfBytesIsShownInTheirUnits() {
        TaskState task =
                TaskState.start("Downloading", 4_000_000).in(Progress.BYTES).done(1_048_576, "");

        assertEquals(
                "1.0 MiB of 3.8 MiB · 26 % · 2.0 s · 5.6 s left",
                task.at(2, TaskState.Phase.RUNNING).numbers());
    }

    @Test
    void learningRatesAreWrittenAsInCode() {
        assertEquals(
                List.of("2e-4", "1e-5", "1.5e-3", "0", "1e0"),
                Stream.of(2e-4, 1e-5, 1.5e-3, 0.0, 1.0)
                        .map(Quantities::learningRate)
                        .toList());
    }

    @Test
    void coloursCanBeToldFromBothGrounds() {
        for (String colour : List.of(HtmlStyles.RUNNING, HtmlStyles.FINISHED, HtmlStyles.STOPPED)) {
            assertTrue(contrast(colour, "#ffffff") >= 4, colour + " on white: " + contrast(colour, "#ffffff"));
            assertTrue(contrast(colour, "#111111") >= 4, colour + " on black: " + contrast(colour, "#111111"));
        }
        assertTrue(contrast("#d32f2f", "#ffffff") >= 4.5, "an error where there is no theme");
    }

    private static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String colour) {
        double[] parts = new double[3];
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            parts[i] = part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }
}
