package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.TrainingRun.Ending;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.step.AdamW;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The loop: how long it runs, what it records, when it ends. */
class FineTuneTest {

    private static TrainingRun run(Splits splits, UnaryOperator<ClassifierTuning> settings) {
        try (Classifier model = Toys.classifier()) {
            return settings.apply(Toys.tuning(model, splits)).run();
        }
    }

    /** Two and a half batches of 4 an epoch: the half is left out. */
    private static TrainingRun shortRun(UnaryOperator<ClassifierTuning> settings) {
        return run(Toys.splits(10, 4), tuning -> settings.apply(tuning.evaluateEvery(0)));
    }

    private static List<Integer> evaluated(TrainingRun run) {
        return run.history().evaluations().stream()
                .map(History.EvaluationRecord::step)
                .toList();
    }

    @Test
    void learnsASeparableTask() {
        try (Classifier model = Toys.classifier()) {
            Splits splits = Toys.splits(32, 16);
            TrainingRun run =
                    Toys.tuning(model, splits).epochs(6).evaluateEvery(8).run();

            assertEquals(Ending.COMPLETED, run.ending());
            assertEquals(48, run.steps());
            List<Double> losses = Toys.losses(run);
            assertTrue(losses.get(0) > 0.3, "first loss " + losses.get(0));
            assertTrue(losses.get(47) < 0.05, "last loss " + losses.get(47));
            assertEquals(1, Evaluation.of(model).on(splits.validation()).accuracy());
            assertEquals("spam", model.classify("claim free cash 99").label());
            History.EpochRecord last = run.history().epochs().get(5);
            assertEquals(1, last.trainAccuracy());
            assertEquals(1, last.validationAccuracy());
        }
    }

    @Test
    void evaluatesAtTheStepsOfAppendixE() {
        TrainingRun run = run(Toys.splits(8, 4), tuning -> tuning.epochs(51).evaluationBatches(1));

        assertEquals(List.of(0, 50, 100), evaluated(run));
        History.EvaluationRecord second = run.history().evaluations().get(1);
        assertEquals(25.5, second.epoch(), 1e-12);
        assertEquals(51 * 4, second.examplesSeen());
        assertEquals(51, run.history().epochs().size());
        History.EpochRecord last = run.history().epochs().get(50);
        assertEquals(new History.EpochRecord(51, 101, 408, last.trainLoss(), last.validationLoss(), 1, 1), last);
        assertTrue(last.trainLoss() > 0 && last.trainLoss() < second.trainLoss(), "" + last);
        assertTrue(last.validationLoss() > 0, "" + last);
    }

    @Test
    void recordsEachStep() {
        TrainingRun run =
                shortRun(tuning -> tuning.epochs(2).schedule(Schedule.linear()).clipNorm(1e-3));

        assertEquals(4, run.steps());
        long tokens = 0;
        for (int i = 0; i < 4; i++) {
            History.StepRecord step = run.history().steps().get(i);
            assertEquals(i, step.step());
            assertEquals((i + 1) / 2.0, step.epoch(), 1e-12);
            assertEquals(4 * (i + 1), step.examplesSeen());
            long added = step.tokensSeen() - tokens;
            assertTrue(added >= 4 * 4 && added <= 4 * 10, "tokens of four short texts: " + added);
            tokens = step.tokensSeen();
            assertTrue(step.gradientNorm() > 1e-3, "the norm before clipping: " + step.gradientNorm());
            assertEquals(5e-3 * (1 - i / 4.0), step.learningRate(), 1e-9);
            assertTrue(step.seconds()
                    > (i == 0 ? 0 : run.history().steps().get(i - 1).seconds()));
        }
        assertEquals(tokens, run.tokens());
        assertTrue(run.seconds() >= run.history().steps().get(3).seconds());
    }

    @Test
    void tokensDoNotCountPadding() {
        long packed = shortRun(tuning -> tuning.epochs(1)).tokens();
        long padded = shortRun(tuning -> tuning.epochs(1).padTo(40)).tokens();
        assertEquals(packed, padded);
        assertEquals(4 * 2 * 2, shortRun(tuning -> tuning.epochs(1).padTo(2)).tokens(), "cut to two tokens each");
    }

    @Test
    void paddingDoesNotChangeWhatIsLearned() {
        Splits splits = Toys.splits(4, 0);
        List<Double> packed = Toys.losses(run(splits, tuning -> tuning.epochs(3).evaluateEvery(0)));
        List<Double> padded = Toys.losses(
                run(splits, tuning -> tuning.epochs(3).evaluateEvery(0).padTo(30)));
        for (int i = 0; i < 3; i++) {
            assertEquals(packed.get(i), padded.get(i), 1e-4);
        }
    }

    @Test
    void accumulationMakesFewerUpdates() {
        TrainingRun run =
                run(Toys.splits(20, 0), tuning -> tuning.epochs(2).accumulate(2).evaluateEvery(0));

        assertEquals(6, run.steps(), "five batches an epoch: two pairs and one alone");
        assertEquals(
                List.of(8L, 16L, 20L, 28L, 36L, 40L),
                run.history().steps().stream()
                        .map(History.StepRecord::examplesSeen)
                        .toList());
        assertEquals(1, run.history().steps().get(2).epoch());
    }

    @Test
    void aLimitOfStepsEndsTheRunWhereverItFalls() {
        assertEnds(Ending.STEP_LIMIT, 1, 3, 1);
        assertEnds(Ending.STEP_LIMIT, 2, 3, 2);
        assertEnds(Ending.STEP_LIMIT, 5, 3, 5);
        assertEnds(Ending.STEP_LIMIT, 1, 1, 1);
        assertEnds(Ending.COMPLETED, 6, 3, 6);
        assertEnds(Ending.COMPLETED, 6, 3, 7);
        assertEnds(Ending.COMPLETED, 6, 3, 0);
    }

    private static void assertEnds(Ending ending, int steps, int epochs, int limit) {
        TrainingRun run = shortRun(tuning -> tuning.epochs(epochs).maxSteps(limit));
        assertEquals(ending, run.ending(), limit + " of " + 2 * epochs + " steps");
        assertEquals(steps, run.steps());
    }

    @Test
    void aRunThatEndsWithinAnEpochHasAccuraciesOfThatPlace() {
        TrainingRun run =
                run(Toys.splits(16, 4), tuning -> tuning.epochs(2).maxSteps(5).evaluateEvery(4));
        assertEquals(
                List.of(1.0, 1.25),
                run.history().epochs().stream().map(History.EpochRecord::epoch).toList());
        assertEquals(20, run.history().epochs().get(1).examplesSeen());
    }

    /** At a rate of 0 the validation loss stays what it is. */
    @Test
    void stopsEarlyWhenTheValidationLossNoLongerImproves() {
        TrainingRun run = run(
                Toys.splits(16, 8),
                tuning -> tuning.adamW(AdamW.of(0)).epochs(10).evaluateEvery(2).earlyStopping(3));

        assertEquals(Ending.EARLY, run.ending());
        assertEquals(List.of(0, 2, 4, 6), evaluated(run));
        assertEquals(7, run.steps());
        assertEquals(1.75, run.history().epochs().get(1).epoch());
    }

    @Test
    void goesOnWhileTheValidationLossImproves() {
        TrainingRun run = run(
                Toys.splits(16, 8),
                tuning -> tuning.learningRate(1e-3).epochs(2).evaluateEvery(2).earlyStopping(1));
        assertEquals(Ending.COMPLETED, run.ending());
    }

    @Test
    void worksWithoutValidationExamples() {
        TrainingRun run = run(
                Toys.splits(8, 0), tuning -> tuning.epochs(4).evaluateEvery(1).earlyStopping(1));

        assertEquals(Ending.COMPLETED, run.ending());
        assertEquals(8, run.history().evaluations().size());
        assertTrue(Double.isFinite(run.history().evaluations().get(7).trainLoss()));
        assertTrue(Double.isNaN(run.history().evaluations().get(7).validationLoss()));
        assertTrue(run.losses().doubleColumn("validation loss").isMissing(7));
    }

    /** A rate that blows everything up: what is no number must not reach the weights. */
    @Test
    void endsWhenTheGradientsAreNoNumbersAnyMore() {
        try (Classifier model = Toys.classifier()) {
            TrainingRun run = Toys.tuning(model, Toys.splits(16, 8))
                    .adamW(AdamW.of(1e30))
                    .epochs(10)
                    .evaluateEvery(0)
                    .run();
            assertEquals(Ending.DIVERGED, run.ending());
            History.StepRecord last = run.history().steps().get(run.steps() - 1);
            assertFalse(Double.isFinite(last.gradientNorm()));
            for (float[] weights : Toys.values(model.parameters())) {
                for (float weight : weights) {
                    assertTrue(Float.isFinite(weight));
                }
            }
        }
    }

    @Test
    void theSeedDecidesTheRun() {
        assertEquals(dropoutLosses(5), dropoutLosses(5));
        assertNotEquals(dropoutLosses(5), dropoutLosses(6));
    }

    private static List<Double> dropoutLosses(long seed) {
        try (Classifier model = Toys.classifier(0.3)) {
            return Toys.losses(Toys.tuning(model, Toys.splits(16, 0))
                    .epochs(2)
                    .evaluateEvery(0)
                    .seed(seed)
                    .run());
        }
    }

    @Test
    void fewerRowsThanABatchAreRefused() {
        LorikeetException error =
                assertThrows(BadArgumentException.class, () -> run(Toys.splits(3, 0), tuning -> tuning));
        assertTrue(error.getMessage().contains("batch size is 4; expected at most 3"), error.getMessage());
        assertThrows(BadArgumentException.class, () -> run(Toys.splits(0, 0), tuning -> tuning));
    }

    @Test
    void aFrozenModelIsRefused() {
        try (Classifier model = Toys.frozen()) {
            int before = Toys.arrays(model);
            ClassifierTuning tuning = Toys.tuning(model, Toys.splits(8, 0));
            LorikeetException error = assertThrows(LorikeetException.class, tuning::run);
            assertTrue(error.getMessage().contains("every parameter is frozen"), error.getMessage());
            assertEquals(before, Toys.arrays(model));
        }
    }

    @Test
    void aLabelThatTheModelDoesNotKnowIsRefused() {
        Table strange = Table.create(
                "strange", StringColumn.create("label", "ham", "spma"), StringColumn.create("text", "a", "b"));
        Splits inTrain = new Splits(strange, Toys.table(0), Toys.table(0));
        Splits inValidation = new Splits(Toys.table(8), strange, Toys.table(0));
        for (Splits splits : List.of(inTrain, inValidation)) {
            UnknownNameException error = assertThrows(UnknownNameException.class, () -> run(splits, tuning -> tuning));
            assertTrue(error.getMessage().contains("Did you mean \"spam\"?"), error.getMessage());
        }
    }

    @Test
    void impossibleSettingsAreRefused() {
        try (Classifier model = Toys.classifier()) {
            assertThrows(LorikeetException.class, () -> FineTune.of(model).run());
            List<UnaryOperator<ClassifierTuning>> wrong = List.of(
                    tuning -> tuning.epochs(0),
                    tuning -> tuning.maxSteps(-1),
                    tuning -> tuning.batchSize(0),
                    tuning -> tuning.accumulate(0),
                    tuning -> tuning.clipNorm(-1),
                    tuning -> tuning.clipNorm(Double.NaN),
                    tuning -> tuning.evaluateEvery(-1),
                    tuning -> tuning.evaluationBatches(0),
                    tuning -> tuning.earlyStopping(-1),
                    tuning -> tuning.evaluateEvery(0).earlyStopping(2),
                    tuning -> tuning.padTo(0));
            for (int i = 0; i < wrong.size(); i++) {
                UnaryOperator<ClassifierTuning> setting = wrong.get(i);
                ClassifierTuning tuning = Toys.tuning(model, Toys.splits(8, 4));
                assertThrows(
                        BadArgumentException.class, () -> setting.apply(tuning).run(), "setting " + i);
            }
        }
    }
}
