package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.memory.Measured;
import dev.lorikeet.memory.MemoryParts;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.TrainingRun.Ending;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.MemoryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** What a run says of itself. */
class TrainingRunTest {

    private static final TuningSettings SETTINGS = new TuningSettings(
            2,
            0,
            8,
            1,
            AdamW.of(1e-3),
            Schedule.constant(),
            0,
            50,
            5,
            0,
            OptionalInt.empty(),
            0,
            123,
            MemoryOptions.DEFAULT,
            Loss.crossEntropy());
    private static final History HISTORY = new History(
            List.of(
                    new History.StepRecord(0, 0.5, 8, 1000, 8, 0.75, 0.25, 2.5, 1e-3, 1.25, 1.5),
                    new History.StepRecord(1, 1, 16, 2400, 24, 0.5, 0.75, 1.25, 5e-4, 0.75, 3)),
            List.of(new History.EvaluationRecord(0, 0.5, 8, 0.7, Double.NaN, 0.5, Double.NaN)),
            List.of());

    private static final MemoryBreakdown MEMORY = new MemoryBreakdown(
            "spam <1>",
            new Measured("host", Measured.Counting.RESIDENT),
            new MemoryParts(0.2, 0.5, 0.01, 0.02, 0.03, 0.7),
            1.5);

    private static TrainingRun run(History history, Ending ending) {
        return new TrainingRun("spam <1>", SETTINGS, DType.FLOAT32, history, 120, MEMORY, ending, 6e9);
    }

    @Test
    void stepsAsATable() {
        Table table = run(HISTORY, Ending.COMPLETED).stepTable();
        assertEquals("Steps of spam <1>", table.name());
        assertEquals(
                List.of(
                        "step",
                        "epoch",
                        "examples seen",
                        "tokens seen",
                        "loss",
                        "accuracy",
                        "gradient norm",
                        "learning rate",
                        "seconds"),
                table.columnNames());
        assertEquals(List.of(0.75, 0.5), table.doubleColumn("loss").asList());
        assertEquals(2400, table.longColumn("tokens seen").get(1));
        assertEquals(16, table.longColumn("examples seen").get(1));
        assertEquals(1.25, table.doubleColumn("gradient norm").get(1));
        assertEquals(5e-4, table.doubleColumn("learning rate").get(1));
        assertEquals(3, table.doubleColumn("seconds").get(1));
    }

    @Test
    void lossesAsATable() {
        Table table = run(HISTORY, Ending.COMPLETED).losses();
        assertEquals(
                List.of("step", "epoch", "examples seen", "training loss", "validation loss"), table.columnNames());
        assertEquals(0.7, table.doubleColumn("training loss").get(0));
        assertTrue(table.doubleColumn("validation loss").isMissing(0));
    }

    @Test
    void oneLine() {
        assertEquals(
                "spam <1>: completed after 2 steps, 2,400 tokens in 2:00 min (20.0 tokens/s) in float32, peak memory 1.50 GiB (host, resident memory of the process)",
                run(HISTORY, Ending.COMPLETED).toString());
        TrainingRun stopped = run(HISTORY, Ending.INTERRUPTED);
        assertTrue(stopped.toString().startsWith("spam <1>: interrupted after 2 steps"), stopped.toString());
        assertTrue(stopped.interrupted());
        assertFalse(run(HISTORY, Ending.STEP_LIMIT).interrupted());
    }

    @Test
    void meansCountEveryTargetOnce() {
        TrainingRun run = run(HISTORY, Ending.COMPLETED);
        assertEquals((8 * 0.75 + 24 * 0.5) / 32, run.loss(), 1e-12);
        assertEquals((8 * 0.25 + 24 * 0.75) / 32, run.accuracy(), 1e-12);
        assertEquals(0.75, run.stepSeconds(), "the first steps are left out as long as one is left");
    }

    @Test
    void severalRunsSideBySide() {
        Table table = TrainingRun.table(run(HISTORY, Ending.COMPLETED), run(HISTORY, Ending.EARLY));
        assertEquals(List.of("run", "steps", "ms a step", "loss", "accuracy", "peak GiB"), table.columnNames());
        assertEquals(2, table.rowCount());
        assertEquals(750, table.doubleColumn("ms a step").get(1));
        assertEquals(1.5, table.doubleColumn("peak GiB").get(0));
    }

    @Test
    void theBreakdownAddsUp() {
        assertEquals(1.46, MEMORY.parts().sum(), 1e-9);
        assertTrue(MEMORY.toString().contains("optimizer state    0.030 GiB"), MEMORY.toString());
        String html = MEMORY.html();
        assertTrue(html.contains("spam &lt;1&gt;") && html.contains("46.67 %") && html.contains("97.33 %"), html);
    }

    @Test
    void html() {
        String html = run(HISTORY, Ending.EARLY).html();
        assertTrue(html.contains("spam &lt;1&gt;"), html);
        assertTrue(html.contains("the validation loss no longer improved"), html);
        assertTrue(html.contains("0.500") && html.contains("2,400 (20.0 tokens/s)") && html.contains("1.50 GiB"), html);
    }

    @Test
    void theUpdatesCanBeWrittenAsCsv(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("runs/spam.csv");
        assertEquals(file, run(HISTORY, Ending.COMPLETED).toCsv(file.toString()));

        List<String> lines = Files.readAllLines(file);
        assertEquals(
                "step,epoch,examples seen,tokens seen,loss,accuracy,gradient norm,learning rate,seconds,"
                        + "evaluated training loss,validation loss",
                lines.get(0));
        assertEquals("0,0.5,8,1000,0.75,0.25,2.5,0.001,1.5,0.7,", lines.get(1));
        assertEquals("1,1.0,16,2400,0.5,0.75,1.25,5.0E-4,3.0,,", lines.get(2));
        assertEquals(3, lines.size());
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(1, files.count(), "no temporary file is left");
        }
        run(new History(HISTORY.steps(), List.of(), List.of()), Ending.COMPLETED)
                .toCsv(file);
        assertFalse(Files.readString(file).contains("validation"));
        assertThrows(
                BadFileException.class, () -> run(HISTORY, Ending.COMPLETED).toCsv(folder));
    }

    @Test
    void aRunWithoutStepsCanBeShown() {
        TrainingRun run = run(new History(List.of(), List.of(), List.of()), Ending.INTERRUPTED);
        assertEquals(0, run.tokens());
        assertFalse(run.html().contains("Last loss"), run.html());
        assertEquals(0, run.stepTable().rowCount());
    }

    @Test
    void aHistoryIsATableOfItsLooksOrOfItsSteps() {
        String looks = HISTORY.html();
        assertTrue(looks.contains("Validation loss") && looks.contains("2 steps, 1 evaluations"), looks);
        String steps = new History(HISTORY.steps(), List.of(), List.of()).html();
        assertTrue(steps.contains("Gradient norm") && steps.contains(">2.500</td>"), steps);
        assertTrue(HISTORY.toString().endsWith("16 examples, 2,400 tokens, last loss 0.500"), HISTORY.toString());
    }

    @Test
    void aLongHistoryShowsItsEnds() {
        List<History.StepRecord> many =
                java.util.Collections.nCopies(50, HISTORY.steps().get(0));
        String html = new History(many, List.of(), List.of()).html();

        assertEquals(1 + 20 + 1, html.split("<tr>", -1).length - 1);
        assertTrue(html.contains("⋮"));
    }
}
