package dev.lorikeet.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.memory.Measured;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.memory.MemoryReport;
import dev.lorikeet.memory.MemorySample;
import dev.lorikeet.train.History;
import dev.lorikeet.train.MemoryBreakdown;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlotsTest {

    private static final History.Step STEP = new History.Step(9, 0.5, 80, 3000, 8, 0.7, 0.5, 1, 1e-4, 0.4, 4);
    private static final History.Evaluation EVALUATION = new History.Evaluation(9, 0.5, 80, 0.6, 0.65, 0.7, 0.6);
    private static final History.EpochEnd END = new History.EpochEnd(2, 40, 320, 0.975, 0.93);
    private static final Measured HOST = new Measured("host", Measured.Kind.RESIDENT);
    private static final MemoryBreakdown FULL =
            new MemoryBreakdown("full", HOST, new MemoryParts(0.25, 0, 0.5, 0.5, 1, 0.75), 3.125);
    private static final MemoryBreakdown LORA =
            new MemoryBreakdown("LoRA", HOST, new MemoryParts(0.25, 0.5, 0, 0, 0, 0.5), 1.25);

    private static final History EMPTY = new History(List.of(), List.of(), List.of());

    @Test
    void lossesOfBothSetsStandOverEpochsAndExamples() {
        Chart chart = Plots.losses(new History(List.of(STEP), List.of(EVALUATION), List.of(END)));

        assertEquals(List.of("Training", "Validation"), names(chart));
        assertEquals(List.of(0.5), chart.series().get(0).x());
        assertEquals(List.of(0.6), chart.series().get(0).y());
        assertEquals(List.of(0.65), chart.series().get(1).y());
        assertEquals(80, chart.atTop(0.5), 1e-9, "half an epoch is 80 examples");
        assertTrue(chart.x().high() >= 2, "the axis goes to the end of the run");
    }

    private static MemoryReport report(String name, double peak) {
        MemorySample before = new MemorySample("before", HOST, 0.5);
        return new MemoryReport(name, List.of(before), List.of(before, new MemorySample("epoch 0 end", HOST, peak)));
    }

    @Test
    void peaksAreBarsWithTheRunsNamesAndWhatWasMeasured() {
        Chart chart = Plots.memory(report("full", 3), report("LoRA", 1.5));
        assertEquals(List.of("full", "LoRA"), chart.x().categories());
        assertEquals(List.of(3.0, 1.5), chart.series().get(0).y());
        assertEquals("host, resident memory of the process", chart.x().label());
        assertEquals("Peak memory (GiB)", chart.y().label());
        assertTrue(chart.y().high() > 3);
        assertThrows(BadArgumentException.class, () -> Plots.memory(new MemoryReport[0]));
    }

    @Test
    void thePartsStandOnEachOtherUnderTheMeasuredPeak() {
        Chart chart = Plots.memoryParts(FULL, LORA);
        assertTrue(chart.stacked());
        assertEquals(
                List.of(
                        "runtime",
                        "frozen weights",
                        "trained weights",
                        "gradients",
                        "optimizer state",
                        "activations",
                        "measured peak"),
                names(chart));
        Series activations = chart.series().get(5);
        assertEquals(2.25, chart.bases(activations)[0], 1e-12);
        assertEquals(0.75, chart.bases(activations)[1], 1e-12);
        assertEquals(List.of(3.125, 1.25), chart.series().get(6).y());
    }

    @Test
    void withoutEvaluationsItIsTheLossOfEachStep() {
        Chart chart = Plots.losses(new History(List.of(STEP), List.of(), List.of()));

        assertEquals(1, chart.series().size());
        assertEquals(List.of(0.7), chart.series().get(0).y());
        assertEquals("Examples seen", chart.top().orElseThrow().title());
    }

    @Test
    void accuraciesAreInPercentAtTheEndsOfEpochs() {
        Chart chart = Plots.accuracies(new History(List.of(), List.of(), List.of(END)));

        assertEquals(List.of(2.0), chart.series().get(0).x());
        assertEquals(97.5, chart.series().get(0).y().get(0), 1e-9);
        assertEquals(93, chart.series().get(1).y().get(0), 1e-9);
        assertEquals(160, chart.atTop(1), 1e-9);
        assertEquals("Accuracy (%)", chart.y().label());
        assertTrue(chart.y().low() < 93 && chart.y().high() > 100);
    }

    @Test
    void anEvaluationBeforeTheFirstStepAloneStillDraws() {
        History.Evaluation first = new History.Evaluation(0, 0, 0, 0.6, 0.65, 0.5, 0.5);
        Chart chart = Plots.losses(new History(List.of(), List.of(first), List.of()));

        assertTrue(chart.top().isEmpty());
        assertTrue(chart.png(300, 200).length > 1000);
    }

    @Test
    void anEmptyHistoryIsRefused() {
        assertThrows(BadArgumentException.class, () -> Plots.losses(EMPTY));
        assertThrows(BadArgumentException.class, () -> Plots.accuracies(EMPTY));
    }

    @Test
    void lengthsAreCountedInBars() {
        Chart chart = Plots.tokenLengths(new int[] {0, 4, 5, 9, 9, 120}, "Messages");
        Series bars = chart.series().get(0);

        assertEquals("Messages (mean 25, longest 120)", chart.title());
        assertEquals("5 to 9", bars.labels().get(1));
        assertEquals(List.of(2.0, 3.0, 0.0), bars.y().subList(0, 3));
        assertEquals(1.0, bars.y().get(24));
        assertEquals(25, bars.y().size());
        assertEquals(
                List.of(0.0, 1.0, 1.0),
                Plots.tokenLengths(new int[] {1, 2}, "Few").series().get(0).y());
        assertThrows(BadArgumentException.class, () -> Plots.tokenLengths(new int[0], "None"));
        assertThrows(BadArgumentException.class, () -> Plots.tokenLengths(new int[] {-1}, "Bad"));
    }

    private static List<String> names(Chart chart) {
        return chart.series().stream().map(Series::name).toList();
    }
}
