package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.Splits;
import dev.lorikeet.data.stream.LabelledText;
import dev.lorikeet.data.stream.TextStream;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.TrainingRun.Ending;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.step.AdamW;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A run that was stopped and goes on is, to the last digit, the run that was not. */
class ResumeTest {

    @TempDir
    Path folder;

    /** How a run is set up anew, as in a fresh process. */
    record Case(String name, Supplier<? extends FineTune<?>> tuning) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Documents DOCUMENTS =
            Documents.of(Toys.table(24), "text").length(16).batch(4).shuffled(5);
    private static final Documents WATCHED =
            Documents.of(Toys.table(8), "text").length(16).batch(4);

    private static CausalTuning causal(double dropout, DType dtype) {
        PretrainedModel model = Toys.causal();
        model.computeDtype(dtype);
        Lora.rank(4).dropout(dropout).inject(model);
        return FineTune.of(model).on(DOCUMENTS).epochs(2).learningRate(5e-3).quietly();
    }

    private static CausalTuning lastLayer() {
        PretrainedModel model = Toys.causal();
        model.trainLast(1);
        return FineTune.of(model).on(DOCUMENTS).epochs(2).learningRate(5e-3).quietly();
    }

    private static ClassifierTuning classifier() {
        return Toys.tuning(Toys.classifier(0.3), Toys.splits(24, 8)).epochs(2);
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("adapter with dropout", () -> causal(0.3, DType.FLOAT32)),
                new Case("recomputed, accumulated, clipped, on a cosine", () -> causal(0.3, DType.FLOAT32)
                        .recompute()
                        .epochs(4)
                        .accumulate(2)
                        .clipNorm(0.3)
                        .weightDecay(0.001)
                        .schedule(Schedule.cosine().warmUp(2))),
                new Case("scaled losses in float16", () -> causal(0.3, DType.FLOAT16)),
                new Case("in bfloat16", () -> causal(0.3, DType.BFLOAT16)),
                new Case("watched, grouped by length", () -> causal(0, DType.FLOAT32)
                        .groupByLength()
                        .validation(WATCHED)
                        .evaluateEvery(2)
                        .earlyStopping(100)),
                new Case("the last layer itself", ResumeTest::lastLayer),
                new Case("classifier and its head", ResumeTest::classifier),
                new Case("texts of a stream, watched", ResumeTest::stream),
                new Case("pairs of texts, watched", ResumeTest::pairs),
                new Case("several labels", ResumeTest::severalLabels));
    }

    private static PretrainedModel encoder() {
        return TinyModels.load("tiny-bert");
    }

    private static ClassifierTuning stream() {
        TextStream texts = TextStream.of("texts", 34, () -> IntStream.range(0, 34)
                .mapToObj(i -> new LabelledText(i % 2 == 0 ? "rain" : "wind", "the " + "hills ".repeat(1 + i % 5))));
        Classifier model = encoder().classifier("rain", "wind");
        Lora.rank(2).dropout(0.3).inject(model);
        Table watched = Table.create(
                "watched",
                StringColumn.create("label", "rain", "wind"),
                StringColumn.create("text", "the rain", "the wind"));
        return FineTune.of(model)
                .on(texts)
                .validation(watched)
                .evaluateEvery(2)
                .batchSize(8)
                .epochs(3)
                .quietly();
    }

    private static PairTuning pairs() {
        PretrainedModel model = encoder();
        Lora.rank(2).dropout(0.3).inject(model);
        Table table = Table.create(
                "pairs",
                StringColumn.create("one", IntStream.range(0, 18).mapToObj(i -> "rain ".repeat(1 + i % 7))),
                StringColumn.create("two", IntStream.range(0, 18).mapToObj(i -> "wind ".repeat(1 + i % 5))));
        return FineTune.pairs(model)
                .on(table, "one", "two")
                .validation(table)
                .evaluateEvery(2)
                .batchSize(4)
                .epochs(2)
                .quietly();
    }

    private static ClassifierTuning severalLabels() {
        Classifier model = encoder().classifier("rain", "wind").multiLabel();
        Lora.rank(2).dropout(0.3).inject(model);
        Table table = Table.create(
                "lists",
                StringColumn.create(
                        "label", IntStream.range(0, 16).mapToObj(i -> i % 3 == 0 ? "[\"rain\", \"wind\"]" : "[]")),
                StringColumn.create("text", IntStream.range(0, 16).mapToObj(i -> "hills ".repeat(1 + i % 5))));
        return FineTune.of(model)
                .on(new Splits(table, table.emptyCopy(), table.emptyCopy()))
                .batchSize(4)
                .epochs(2)
                .quietly();
    }

    /** Interrupts the run at the n-th batch. */
    private static TrainingListenerAdapter stopAt(int batch) {
        return new TrainingListenerAdapter() {
            private int seen;

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData data) {
                if (++seen == batch) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    private FineTune<?> withCheckpoints(FineTune<?> tuning) {
        return tuning.checkpoints(Checkpoints.in(folder).every(3));
    }

    private static void assertSame(TrainingRun expected, TrainingRun found) {
        assertEquals(Toys.losses(expected), Toys.losses(found));
        assertEquals(expected.history().evaluations(), found.history().evaluations());
        assertEquals(expected.history().epochs(), found.history().epochs());
        List<History.StepRecord> steps = expected.history().steps();
        for (int i = 0; i < steps.size(); i++) {
            History.StepRecord step = found.history().steps().get(i);
            assertEquals(steps.get(i).gradientNorm(), step.gradientNorm());
            assertEquals(steps.get(i).learningRate(), step.learningRate());
            assertEquals(steps.get(i).tokensSeen(), step.tokensSeen());
            assertEquals(steps.get(i).epoch(), step.epoch());
        }
        assertEquals(expected.flops(), found.flops());
        assertEquals(expected.ending(), found.ending());
    }

    private static void assertSameWeights(LanguageModel expected, LanguageModel found) {
        List<float[]> one = Toys.values(expected.parameters());
        List<float[]> other = Toys.values(found.parameters());
        assertEquals(one.size(), other.size());
        for (int i = 0; i < one.size(); i++) {
            assertArrayEquals(one.get(i), other.get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goesOnAsIfItHadNeverStopped(Case setUp) {
        FineTune<?> whole = setUp.tuning().get();
        try (LanguageModel uninterrupted = whole.model()) {
            TrainingRun expected = whole.run();

            FineTune<?> stopped = withCheckpoints(setUp.tuning().get()).with(stopAt(5));
            try (LanguageModel model = stopped.model()) {
                assertEquals(Ending.INTERRUPTED, stopped.run().ending());
            }
            FineTune<?> resumed = withCheckpoints(setUp.tuning().get());
            try (LanguageModel model = resumed.model()) {
                assertSame(expected, resumed.resume());
                assertSameWeights(uninterrupted, model);
            }
        }
    }

    /** From the regular checkpoint before, as after a kill: that of the interrupt is taken away. */
    @Test
    void goesOnFromARegularCheckpoint() {
        TrainingRun expected = classifier().run();
        assertEquals(8, withCheckpoints(classifier()).with(stopAt(8)).run().steps());
        AtomicFolders.delete(folder.resolve("checkpoint-8"));
        assertEquals(6, Checkpoints.in(folder).newest().orElseThrow().step());
        assertSame(expected, withCheckpoints(classifier()).resume());
    }

    /** The interrupt comes when the update is done and the evaluation after it is not. */
    @Test
    void anEvaluationThatWasCutOffIsMadeUpFor() {
        Supplier<CausalTuning> setUp =
                () -> causal(0.3, DType.FLOAT32).validation(WATCHED).evaluateEvery(1);
        TrainingRun expected = setUp.get().run();
        for (int stop : List.of(3, 6, 12)) {
            Path own = folder.resolve("stop-" + stop);
            Checkpoints checkpoints = Checkpoints.in(own).every(100);
            TrainingRun stopped =
                    setUp.get().checkpoints(checkpoints).with(stopAt(stop)).run();
            assertEquals(stop, stopped.steps());
            assertEquals(stop - 1, stopped.history().evaluations().size(), "the last one was cut off");
            assertSame(expected, setUp.get().checkpoints(checkpoints).resume());
        }
    }

    /** In a step, in an evaluation, or while a checkpoint is written: with one for each step that is most of the time. */
    @Test
    void anInterruptAtAnyMomentIsAStop() throws Exception {
        Random random = new Random(3);
        Supplier<CausalTuning> setUp = () -> causal(0.3, DType.FLOAT32)
                .epochs(500)
                .checkpoints(Checkpoints.in(folder).every(1).keep(1));
        int before = 0;
        for (int i = 0; i < 4; i++) {
            CountDownLatch begun = new CountDownLatch(3);
            CausalTuning tuning = setUp.get().with(new TrainingListenerAdapter() {
                @Override
                public void onTrainingBatch(Trainer trainer, BatchData data) {
                    begun.countDown();
                }
            });
            FutureTask<TrainingRun> run = new FutureTask<>(tuning::resume);
            Thread cell = new Thread(run);
            cell.start();
            assertTrue(begun.await(120, TimeUnit.SECONDS));
            TimeUnit.MICROSECONDS.sleep(random.nextInt(50_000));
            cell.interrupt();
            TrainingRun stopped = run.get(120, TimeUnit.SECONDS);
            assertEquals(Ending.INTERRUPTED, stopped.ending());
            assertTrue(stopped.steps() > before);
            before = stopped.steps();
            assertEquals(before, Checkpoints.in(folder).newest().orElseThrow().step());
        }
        TrainingRun expected =
                causal(0.3, DType.FLOAT32).epochs(500).maxSteps(before).run();
        TrainingRun found = setUp.get().maxSteps(before).resume();
        assertEquals(Toys.losses(expected), Toys.losses(found));
    }

    @Test
    void earlyStoppingCountsOn() {
        Supplier<CausalTuning> setUp = () -> causal(0, DType.FLOAT32)
                .adamW(AdamW.of(0))
                .validation(WATCHED)
                .evaluateEvery(1)
                .earlyStopping(4);
        TrainingRun expected = setUp.get().run();
        assertEquals(Ending.EARLY, expected.ending());
        setUp.get().checkpoints(Checkpoints.in(folder)).with(stopAt(3)).run();
        assertSame(expected, setUp.get().checkpoints(Checkpoints.in(folder)).resume());
        assertSame(expected, setUp.get().checkpoints(Checkpoints.in(folder)).resume());
    }

    @Test
    void aFinishedRunIsNotTrainedFurther() {
        TrainingRun run = withCheckpoints(classifier()).run();
        boolean[] trained = {false};
        TrainingRun again = withCheckpoints(classifier())
                .with(new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer trainer, BatchData data) {
                        trained[0] = true;
                    }
                })
                .resume();
        assertSame(run, again);
        assertFalse(trained[0]);
        assertTrue(again.seconds() >= run.history().steps().get(run.steps() - 1).seconds());
    }

    /** With a constant rate nothing so far depends on how long it is to go on. */
    @Test
    void aFinishedRunMayBeGivenMoreEpochs() {
        withCheckpoints(causal(0.3, DType.FLOAT32)).run();
        TrainingRun longer =
                withCheckpoints(causal(0.3, DType.FLOAT32).epochs(3)).resume();
        assertEquals(Toys.losses(causal(0.3, DType.FLOAT32).epochs(3).run()), Toys.losses(longer));
    }

    @Test
    void nothingIsLeftInTheModelsManager() {
        try (Classifier model = Toys.classifier()) {
            Toys.tuning(model, Toys.splits(24, 8)).maxSteps(1).run();
            int before = Toys.arrays(model);
            withCheckpoints(Toys.tuning(model, Toys.splits(24, 8)))
                    .with(stopAt(4))
                    .run();
            assertEquals(before, Toys.arrays(model));
            withCheckpoints(Toys.tuning(model, Toys.splits(24, 8))).resume();
            assertEquals(before, Toys.arrays(model));
        }
    }
}
