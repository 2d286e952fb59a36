package dev.lorikeet.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Example;
import dev.lorikeet.memory.Measured;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.memory.MemoryReport;
import dev.lorikeet.memory.MemorySample;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.MemoryBreakdown;
import dev.lorikeet.train.Schedule;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.TuningSettings;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.history.LearningRateTest;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.score.Calibration;
import dev.lorikeet.train.score.ConfusionMatrix;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.MemoryOptions;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class PlotsTest {

    private static final History.StepRecord STEP =
            new History.StepRecord(9, 0.5, 80, 3000, 8, 0.7, 0.5, 1, 1e-4, 0.4, 4);
    private static final History.EvaluationRecord EVALUATION =
            new History.EvaluationRecord(9, 0.5, 80, 0.6, 0.65, 0.7, 0.6);
    private static final History.EpochRecord END =
            new History.EpochRecord(2, 40, 320, Double.NaN, Double.NaN, 0.975, 0.93);
    private static final Measured HOST = new Measured("host", Measured.Counting.RESIDENT);
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
        History.EvaluationRecord first = new History.EvaluationRecord(0, 0, 0, 0.6, 0.65, 0.5, 0.5);
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

    @Test
    void lengthsOfExamplesAreThoseOfTheirIds() {
        List<Example> examples = List.of(new Example(new int[3], 0), new Example(new int[5], 1));

        assertEquals(Plots.tokenLengths(new int[] {3, 5}, "t"), Plots.tokenLengths(examples, "t"));
    }

    private static History history(int steps) {
        List<History.StepRecord> all = IntStream.range(0, steps)
                .mapToObj(i -> new History.StepRecord(
                        i, (i + 1) / 100.0, 8L * (i + 1), 0, 8, 3.0 - i, 0.5, 2 + i, 1e-4 * i, 0.1, i))
                .toList();
        return new History(all, List.of(EVALUATION), List.of());
    }

    @Test
    void theLossOfEachStepStandsBesideTheValidationLoss() {
        Chart chart = Plots.stepLosses(history(3));

        assertEquals(List.of("Training, each step", "Validation"), names(chart));
        assertEquals(List.of(3.0, 2.0, 1.0), chart.series().get(0).y());
        assertEquals(List.of(0.65), chart.series().get(1).y());
    }

    @Test
    void aLongRunIsThinnedToMeans() {
        Series line = Plots.stepLosses(history(501)).series().get(2);

        assertEquals("Training, mean of 3 steps", line.name());
        assertEquals(167, line.y().size());
        assertEquals(2.0, line.y().get(0), 1e-12);
        assertEquals(0.03, line.x().get(0), 1e-12, "where the last of them ended");
        assertEquals(3.0 - 499, line.y().get(166), 1e-12);
    }

    @Test
    void manyStepsArePointsBesideASmoothedLine() {
        Chart chart = Plots.stepLosses(history(60));

        assertEquals(List.of("Training, smoothed", "Validation", "Training, each step"), names(chart));
        Series smoothed = chart.series().get(0);
        Series points = chart.series().get(2);
        assertEquals(60, smoothed.y().size());
        assertEquals(points.x(), smoothed.x());
        assertEquals(3.0, smoothed.y().get(0), 1e-12, "no bias towards 0 at the start");
        assertEquals((0.9 * 3 + 2) / 1.9, smoothed.y().get(1), 1e-12);
        assertTrue(points.faint() && points.style() == Series.Style.MARKERS);
        assertTrue(!smoothed.faint() && smoothed.style() == Series.Style.LINE);
        assertEquals(167, Plots.stepLosses(history(501)).series().get(0).y().size(), "as many as there are points");
        assertEquals(2, Plots.stepLosses(history(49)).series().size());
    }

    @Test
    void theLastValidationPointIsAtTheEndOfTheRun() {
        History.EpochRecord end = new History.EpochRecord(2, 40, 320, 0.3, 0.45, 0.975, 0.93);
        Chart chart = Plots.losses(new History(List.of(STEP), List.of(EVALUATION), List.of(END, end)));

        assertEquals(List.of(0.5, 2.0), chart.series().get(1).x());
        assertEquals(List.of(0.6, 0.3), chart.series().get(0).y());
        assertEquals(List.of(0.65, 0.45), chart.series().get(1).y());
        assertEquals(
                List.of(0.65, 0.45),
                Plots.stepLosses(new History(List.of(STEP), List.of(EVALUATION), List.of(end)))
                        .series()
                        .get(1)
                        .y());
        History.EvaluationRecord there = new History.EvaluationRecord(40, 2, 320, 0.31, 0.46, 0.9, 0.9);
        assertEquals(
                List.of(0.65, 0.46),
                Plots.losses(new History(List.of(STEP), List.of(EVALUATION, there), List.of(end)))
                        .series()
                        .get(1)
                        .y(),
                "not twice at the same place");
    }

    @Test
    void lossesOfSeveralRunsStandOverExamples() {
        TrainingRun blind = run("b", new History(history(3).steps(), List.of(), List.of()), 0);
        Chart chart = Plots.losses(run("a", history(3), 0), blind, run("c", history(2), 0));

        assertEquals(
                List.of("a, training", "a, validation", "b, training", "c, training", "c, validation"), names(chart));
        assertEquals(List.of(8.0, 16.0, 24.0), chart.series().get(0).x());
        assertEquals(List.of(80.0), chart.series().get(1).x());
        assertEquals("Examples seen", chart.x().title());
    }

    @Test
    void aLearningRateTestIsACurveOverDecades() {
        LearningRateTest test = new LearningRateTest(
                "toy",
                List.of(1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0),
                List.of(3.0, 3.1, 2.9, 2.0, 1.0, 0.5, 9.0),
                List.of(3.0, 3.0, 3.0, 2.5, 2.0, 1.5, 2.0),
                true);
        Chart chart = Plots.learningRate(test);

        assertEquals(Axis.Scale.DECADES, chart.x().scale());
        assertEquals(List.of("Smoothed loss", "Each update", "Suggestion"), names(chart));
        assertEquals(List.of(0.01, 0.01), chart.series().get(2).x());
        assertEquals("Suggested learning rate: 0.01", chart.title());
        assertTrue(chart.png(400, 300).length > 1000);
    }

    @Test
    void ratesAndNormsAreThoseOfTheSteps() {
        TrainingRun run = run("r", history(4), 1.5);

        assertEquals(
                List.of(0.0, 1e-4, 2e-4, 3e-4),
                Plots.learningRate(run).series().get(0).y().stream()
                        .map(rate -> Math.rint(1e6 * rate) / 1e6)
                        .toList());
        Chart norms = Plots.gradientNorms(run);
        assertEquals(List.of(2.0, 3.0, 4.0, 5.0), norms.series().get(0).y());
        assertEquals(List.of(1.5, 1.5), norms.series().get(1).y());
        assertEquals(1, Plots.gradientNorms(run("r", history(4), 0)).series().size());
    }

    @Test
    void runsAreComparedByTheirValidationLossIfAllHaveOne() {
        TrainingRun watched = run("a", history(3), 0);
        TrainingRun blind = run("b", new History(history(3).steps(), List.of(), List.of()), 0);

        Chart both = Plots.compare(watched, run("c", history(2), 0));
        assertEquals("Validation loss", both.title());
        assertEquals(List.of("a", "c"), names(both));
        assertEquals(List.of(80.0), both.series().get(0).x());
        Chart one = Plots.compare(watched, blind);
        assertEquals("Training loss", one.title());
        assertEquals(List.of(8.0, 16.0, 24.0), one.series().get(1).x());
        assertThrows(BadArgumentException.class, Plots::compare);
    }

    @Test
    void aSweepHasALineForEachNameOverDoublingRanks() {
        Table table = Table.create(
                "sweep",
                IntColumn.create("rank", 8, 2, 4, 2),
                DoubleColumn.create("validation loss", 0.5, 0.9, 0.7, 0.8),
                StringColumn.create("targets", "all", "all", "all", "q, v"));
        Chart chart = Plots.sweep(table, "rank", "validation loss", "targets");

        assertEquals("Validation loss over rank", chart.title());
        assertEquals(List.of("all", "q, v"), names(chart));
        assertEquals(List.of(2.0, 4.0, 8.0), chart.series().get(0).x());
        assertEquals(List.of(0.9, 0.7, 0.5), chart.series().get(0).y());
        assertEquals(Axis.Scale.DOUBLINGS, chart.x().scale());
        assertThrows(UnknownNameException.class, () -> Plots.sweep(table, "ranks", "validation loss"));
        assertThrows(BadArgumentException.class, () -> Plots.sweep(table, "targets", "validation loss"));
    }

    @Test
    void aConfusionMatrixHasTheFirstLabelInTheUpperLeftCorner() {
        ConfusionMatrix matrix = ConfusionMatrix.of(
                List.of("ham", "spam"), List.of("ham", "ham", "spam"), List.of("ham", "spam", "spam"));
        Chart chart = Plots.confusion(matrix);

        assertEquals(List.of("ham", "spam"), chart.x().categories());
        assertEquals(List.of("spam", "ham"), chart.y().categories());
        Series cells = chart.series().get(0);
        assertEquals(List.of(1.0, 1.0, 0.0, 1.0), cells.values());
        assertEquals(List.of(0.0, 1.0, 0.0, 1.0), cells.x());
        assertEquals(List.of(1.0, 1.0, 0.0, 0.0), cells.y());
        assertTrue(chart.title().contains("66.67 %"), chart.title());
        assertTrue(chart.png(400, 300).length > 1000);
    }

    @Test
    void calibrationIsDrawnInPercentBesideTheDiagonal() {
        Calibration calibration = new Calibration(
                List.of(new Calibration.Bin(0.5, 0.6, 4, 0.55, 0.25), new Calibration.Bin(0.9, 1, 6, 0.95, 1)),
                0.15,
                0.2);
        Chart chart = Plots.calibration(calibration);

        assertEquals(List.of(0.0, 100.0), chart.series().get(0).y());
        assertEquals(55, chart.series().get(1).x().get(0), 1e-9);
        assertEquals(List.of(25.0, 100.0), chart.series().get(1).y());
        assertTrue(chart.title().contains("15.00 %"), chart.title());
        assertTrue(chart.png(400, 300).length > 1000);
    }

    private static TrainingRun run(String name, History history, double maxNorm) {
        TuningSettings settings = new TuningSettings(
                1,
                0,
                8,
                1,
                AdamW.of(1e-4),
                Schedule.constant(),
                maxNorm,
                0,
                5,
                0,
                OptionalInt.empty(),
                0,
                1,
                MemoryOptions.DEFAULT,
                Loss.crossEntropy());
        return new TrainingRun(name, settings, DType.FLOAT32, history, 1, LORA, TrainingRun.Ending.COMPLETED, 1);
    }

    private static List<String> names(Chart chart) {
        return chart.series().stream().map(Series::name).toList();
    }
}
