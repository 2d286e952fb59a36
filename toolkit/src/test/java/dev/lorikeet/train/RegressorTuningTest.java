package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.data.number.ScoredTexts;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.Targets;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.plot.Plots;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.score.RegressionScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Numbers that a small model learns: the share of "rain" in a text. */
class RegressorTuningTest {

    private static final int WORDS = 6;

    private static ScoredTexts data(int texts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> made = new ArrayList<>();
        double[] numbers = new double[texts];
        for (int i = 0; i < texts; i++) {
            int rain = random.nextInt(WORDS + 1);
            List<String> words = new ArrayList<>(Collections.nCopies(rain, "rain"));
            words.addAll(Collections.nCopies(WORDS - rain, "wind"));
            made.add(String.join(" ", words));
            numbers[i] = 2.0 * rain / WORDS - 1;
        }
        return ScoredTexts.of(
                Table.create("rain", StringColumn.create("text", made), DoubleColumn.create("share", numbers)),
                "text",
                "share");
    }

    private static Regressor trained(String name) {
        Regressor regressor = TinyModels.load(name).regressor("share");
        Lora.rank(4).alpha(8).on(Targets.ALL_LINEAR).inject(regressor);
        TrainingRun run = FineTune.of(regressor)
                .on(data(160, 1).split(0.9, 0.1))
                .epochs(6)
                .learningRate(1e-2)
                .evaluateEvery(20)
                .quietly()
                .run();
        assertTrue(Double.isNaN(run.accuracy()));
        assertEquals("mean squared error", run.settings().loss().toString());
        return regressor;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-bert", "tiny-distilbert", "tiny-modernbert-mean", "tiny-llama"})
    void numbersAreLearned(String name) {
        try (Regressor regressor = trained(name)) {
            ScoredTexts test = data(60, 2);
            RegressionScore score = Evaluation.of(regressor).on(test);
            assertTrue(score.r2() > 0.7 && score.pearson() > 0.85, name + ": " + score);
            double[] together = regressor.predict(test.texts());
            assertEquals(together[3], regressor.predict(test.texts().get(3)), 1e-5);
            Table worst = Evaluation.of(regressor).mistakes(test);
            assertEquals(List.of("text", "share", "predicted"), worst.columnNames());
            assertEquals(Math.sqrt(score.meanSquaredError()), score.rootMeanSquaredError(), 1e-12);
        }
    }

    @Test
    void anAdapterComesBack(@TempDir Path folder) {
        Path saved = folder.resolve("regressor");
        List<String> texts = List.of("rain rain", "wind");
        double[] before;
        try (Regressor regressor = trained("tiny-bert")) {
            before = regressor.predict(texts);
            regressor.save(saved);
        }
        try (Regressor again = Models.regressor(saved.toString())) {
            assertArrayEquals(before, again.predict(texts), 1e-5);
            assertEquals(List.of("share"), again.labels());
        }
        String message = assertThrows(BadFileException.class, () -> Models.classifier(saved))
                .getMessage();
        assertTrue(message.contains("a regressor (share)") && message.contains("Models.regressor("), message);
    }

    @Test
    void aRunResumesAndShowsItself(@TempDir Path folder) {
        ScoredTexts data = data(40, 1);
        List<Double> losses;
        try (Regressor regressor = fresh()) {
            losses = Toys.losses(tuning(regressor, data).run());
        }
        try (Regressor regressor = fresh()) {
            tuning(regressor, data).maxSteps(3).saveEvery(1, folder).run();
        }
        try (Regressor regressor = fresh()) {
            TrainingRun run = tuning(regressor, data).saveEvery(1, folder).resume();
            assertEquals(losses, Toys.losses(run));
            assertTrue(!run.toString().contains("NaN") && !run.html().contains("NaN"), run + run.html());
            assertNotNull(Plots.losses(run));
        }
    }

    private static Regressor fresh() {
        Regressor regressor = TinyModels.load("tiny-bert").regressor("share");
        Lora.rank(4).inject(regressor);
        return regressor;
    }

    private static RegressorTuning tuning(Regressor regressor, ScoredTexts data) {
        return FineTune.of(regressor)
                .on(data.split(0.8, 0.2))
                .epochs(2)
                .evaluateEvery(2)
                .quietly();
    }

    @Test
    void aScoreIsWhatItSays() {
        RegressionScore score = RegressionScore.of(new double[] {1, 2, 3}, new double[] {1, 2, 5});
        assertEquals(4.0 / 3, score.meanSquaredError(), 1e-12);
        assertEquals(2.0 / 3, score.meanAbsoluteError(), 1e-12);
        assertEquals(-1, score.r2(), 1e-12);
        assertEquals(0.960769, score.pearson(), 1e-6);
        assertTrue(Double.isNaN(
                RegressionScore.of(new double[] {1, 1}, new double[] {1, 2}).r2()));
    }

    @Test
    void badInputIsRefused() {
        Table table = Table.create(
                StringColumn.create("text", List.of("rain", "wind")),
                StringColumn.create("stars", List.of("3.5", "many")));
        String message = assertThrows(BadArgumentException.class, () -> ScoredTexts.of(table, "text", "stars"))
                .getMessage();
        assertTrue(message.contains("\"stars\" of row 2") && message.contains("many"), message);
        try (PretrainedModel base = TinyModels.load("tiny-bert")) {
            Regressor regressor = base.regressor();
            Lora.rank(2).inject(regressor);
            String loss = assertThrows(BadArgumentException.class, () -> FineTune.of(regressor)
                            .on(data(20, 1))
                            .loss(Loss.crossEntropy())
                            .run())
                    .getMessage();
            assertTrue(loss.contains("mean squared error"), loss);
        }
    }
}
