package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** Supervised fine-tuning as the Llama-2 walkthrough has it, and what it reports. */
class SupervisedTuningTest {

    private static PretrainedModel adapted() {
        PretrainedModel model = Toys.causal();
        Lora.rank(4).dropout(0.1).inject(model);
        return model;
    }

    private static CausalTuning walkthrough(PretrainedModel model) {
        return FineTune.of(model)
                .onText(Toys.table(24), "text")
                .learningRate(2e-4)
                .weightDecay(0.001)
                .clipNorm(0.3)
                .groupByLength()
                .logEvery(2)
                .quietly();
    }

    @Test
    void onTextSetsWhatTheWalkthroughDoes() {
        try (PretrainedModel model = adapted()) {
            TuningSettings settings = walkthrough(model).settings();
            assertEquals(1, settings.epochs());
            assertEquals(4, settings.batchSize());
            assertEquals(2e-4, settings.optimizer().learningRate());
            assertEquals(Schedule.constant(), settings.schedule());
            assertEquals(0.3, settings.maxNorm());
            assertEquals(8, walkthrough(model).batchSize(8).settings().batchSize());
            TrainingRun run = walkthrough(model).run();
            assertEquals(6, run.steps());
            assertEquals(2e-4, run.history().steps().get(0).learningRate(), 1e-9, "from the first step on");
        }
    }

    @Test
    void whatIsSetLaterHolds() {
        try (PretrainedModel model = adapted()) {
            TrainingRun plain = walkthrough(model).run();
            TrainingRun packed = walkthrough(model).packed().length(64).run();
            assertTrue(packed.steps() < plain.steps(), packed.steps() + " of " + plain.steps());
            assertEquals(plain.tokens(), packed.tokens());
            TrainingRun shortened = walkthrough(model).length(4).run();
            assertTrue(shortened.tokens() <= 24 * 4);
            assertThrows(
                    BadArgumentException.class,
                    () -> walkthrough(model).completionOnly().run());
            assertThrows(UnknownNameException.class, () -> FineTune.of(model).onText(Toys.table(4), "txet"));
        }
    }

    @Test
    void theLossTableHasTheMeansOfWholeIntervals() {
        try (PretrainedModel model = adapted()) {
            TrainingRun run = walkthrough(model).run();
            List<Double> losses = Toys.losses(run);
            Table log = run.log();
            assertEquals(List.of("step", "epoch", "training loss", "learning rate"), log.columnNames());
            assertEquals(List.of(2, 4, 6), log.intColumn("step").asList());
            assertEquals(
                    (losses.get(2) + losses.get(3)) / 2, log.doubleColumn(2).get(1), 1e-12);
            assertEquals(1.0, log.doubleColumn("epoch").get(2));
            assertEquals(List.of(4), run.log(4).intColumn("step").asList(), "the last two are no whole interval");
            assertThrows(BadArgumentException.class, () -> run.log(0));
        }
    }

    @Test
    void theClosingRecordCountsAsTransformersDoes() {
        try (PretrainedModel model = adapted()) {
            Documents documents =
                    Documents.of(Toys.table(24), "text").length(16).batch(4);
            TrainingRun run =
                    FineTune.of(model).on(documents).epochs(1).quietly().run();
            Totals totals = run.totals();
            assertEquals(6, totals.globalStep());
            assertEquals(1, totals.epoch());
            assertEquals(
                    Toys.losses(run).stream()
                            .mapToDouble(loss -> loss)
                            .average()
                            .orElseThrow(),
                    totals.trainLoss(),
                    1e-12);
            assertEquals(24 / run.seconds(), totals.samplesPerSecond(), 1e-9);
            assertEquals(6 / run.seconds(), totals.stepsPerSecond(), 1e-9);
            long positions = 0;
            for (Batch batch : documents.batches(model.tokenizer()).epoch(0)) {
                positions += (long) batch.size() * batch.width();
            }
            // 2 layers of width 32: per layer attention 4·32² + 4·32, MLP 8·32² + 5·32, norms 4·32; the final norm;
            // tied head.
            long layers = 2 * (12 * 32 * 32 + 13 * 32) + 2 * 32;
            // Rank 4 on query, key, value, out, and both of the MLP.
            long adapter = 2 * 4 * (4 * (32 + 32) + 2 * (32 + 128));
            assertEquals(6.0 * positions * (layers + adapter), totals.totalFlops());
            assertEquals(run.tokens(), totals.tokens());
            assertTrue(totals.html().contains("Total FLOPs"), totals.html());
            assertTrue(totals.toString().startsWith("global step 6, epoch 1.00"), totals.toString());
        }
    }

    @Test
    void aPagedOptimizerLearnsTheSame() {
        try (PretrainedModel one = adapted();
                PretrainedModel other = adapted()) {
            TrainingRun plain = walkthrough(one).run();
            TrainingRun paged = walkthrough(other).pagedAdamW(2e-4).run();
            assertTrue(paged.settings().optimizer().onHost());
            assertEquals(Toys.losses(plain), Toys.losses(paged));
        }
    }

    /** What a GPU does, with the CPU in its place: the state is copied to and fro, one parameter at a time. */
    @Test
    void pagesGoToAndFroAndLeaveNothing() {
        List<List<float[]>> values = new java.util.ArrayList<>();
        for (boolean paged : new boolean[] {false, true}) {
            PretrainedModel model = adapted();
            CausalObjective objective = new CausalObjective(model);
            Batch batch = Batch.of(new int[][] {{5, 6, 7, 8}, {9, 10, 11, 12}});
            try (Optimizer optimizer =
                    new Optimizer(AdamW.of(1e-2).weightDecay(0.1), model.parameters(), model.manager(), paged)) {
                Step step = Toys.step(objective, optimizer, MemoryOptions.DEFAULT, 1);
                step.run(List.of(batch), 1e-2, (b, seen) -> {});
                int before = Toys.owned(model.manager());
                step.run(List.of(batch), 1e-2, (b, seen) -> {});
                step.run(List.of(batch), 1e-2, (b, seen) -> {});
                assertEquals(before, Toys.owned(model.manager()));
                assertEquals(paged, optimizer.bytes() == 0, "the device holds none of it");
            }
            values.add(Toys.values(model.parameters()));
        }
        for (int i = 0; i < values.get(0).size(); i++) {
            assertArrayEquals(values.get(0).get(i), values.get(1).get(i));
        }
    }
}
