package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Documents;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.memory.MemoryListener;
import dev.lorikeet.memory.MemorySample;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.TrainingRun.Ending;
import dev.lorikeet.train.history.History;
import dev.lorikeet.train.score.TokenScore;
import dev.lorikeet.train.step.AdamW;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The loop on texts to go on with. */
class CausalTuningTest {

    private static final Documents DOCUMENTS =
            Documents.of(Toys.table(16), "text").length(16).batch(4);

    private static PretrainedModel adapted() {
        PretrainedModel model = Toys.causal();
        Lora.rank(4).inject(model);
        return model;
    }

    private static TrainingRun run(PretrainedModel model, UnaryOperator<CausalTuning> settings) {
        CausalTuning tuning =
                FineTune.of(model).on(DOCUMENTS).epochs(2).learningRate(5e-3).quietly();
        return settings.apply(tuning).run();
    }

    @Test
    void itLearnsToGoOn() {
        try (PretrainedModel model = adapted()) {
            TokenScore before = Evaluation.of(model).on(DOCUMENTS);
            TrainingRun run = run(model, tuning -> tuning.epochs(12));
            TokenScore after = Evaluation.of(model).on(DOCUMENTS);

            assertEquals(48, run.steps());
            assertEquals(Ending.COMPLETED, run.ending());
            assertTrue(after.loss() < before.loss() - 0.3, before + " to " + after);
            assertTrue(after.accuracy() > before.accuracy() + 0.4, before + " to " + after);
            assertEquals(Math.exp(after.loss()), after.perplexity(), 1e-9);
            History.StepRecord first = run.history().steps().get(0);
            assertEquals(before.loss(), first.loss(), 0.2, "the first step is before anything is learned");
            assertEquals(4, first.examplesSeen());
            assertTrue(run.loss() < first.loss() && run.loss() > after.loss());
            assertTrue(run.history().evaluations().isEmpty(), "without a validation part nothing is watched");
        }
    }

    @Test
    void theLossOfAStepIsTheMeanOverItsTargets() {
        Batch batch = firstBatch();
        try (PretrainedModel model = adapted()) {
            TokenScore alone = Evaluation.of(model).batches(1).on(DOCUMENTS.take(1));
            History.StepRecord first =
                    run(model, tuning -> tuning.maxSteps(1)).history().steps().get(0);
            assertEquals(batch.targetCount(), first.targets());
            assertEquals(batch.tokens(), first.tokensSeen());
            assertEquals(alone.loss(), first.loss(), 1e-5);
            assertEquals(alone.accuracy(), first.accuracy(), 1e-9);
            assertEquals(alone.tokens(), first.targets());
        }
    }

    private static Batch firstBatch() {
        try (PretrainedModel model = adapted()) {
            return DOCUMENTS.batches(model.tokenizer()).epoch(0).get(0);
        }
    }

    @Test
    void aValidationPartIsWatchedAndMayEndTheRun() {
        Documents validation = Documents.of(Toys.table(8), "text").length(16);
        try (PretrainedModel model = adapted()) {
            TrainingRun run = run(model, tuning -> tuning.validation(validation).evaluateEvery(4));
            assertEquals(2, run.history().evaluations().size());
            History.EvaluationRecord last = run.history().evaluations().get(1);
            assertTrue(
                    last.validationLoss() < run.history().evaluations().get(0).validationLoss());
            assertTrue(last.validationAccuracy() >= 0 && last.validationAccuracy() <= 1);
            assertEquals(2, run.history().epochs().size());
        }
        try (PretrainedModel model = adapted()) {
            TrainingRun stuck = run(model, tuning -> tuning.adamW(AdamW.of(0))
                    .validation(validation)
                    .evaluateEvery(1)
                    .earlyStopping(3));
            assertEquals(Ending.EARLY, stuck.ending());
            assertEquals(4, stuck.steps());
        }
    }

    @Test
    void packedTextsAreTheSameTextsInFewerSteps() {
        Documents packed = DOCUMENTS.length(32).packed();
        try (PretrainedModel model = adapted()) {
            TrainingRun whole = run(model, tuning -> tuning.epochs(1));
            TrainingRun fewer = run(model, tuning -> tuning.on(packed).epochs(1));
            assertTrue(fewer.steps() < whole.steps(), fewer.steps() + " of " + whole.steps());
            assertEquals(whole.tokens(), fewer.tokens());
        }
    }

    /** The memory listener costs no logits; one that asks for them gets them. */
    @Test
    void listenersHearOfEachBatchAndMayAskForItsLogits() {
        List<String> heard = new ArrayList<>();
        MemoryListener memory = new MemoryListener("toy").atBatches(1, 2);
        try (PretrainedModel model = adapted()) {
            TrainingRun run = run(model, tuning -> tuning.epochs(1).with(memory).with(new TrainingListenerAdapter() {
                @Override
                public void onTrainingBatch(Trainer trainer, BatchData data) {
                    var logits = data.getPredictions().get(Device.cpu()).singletonOrThrow();
                    var labels = data.getLabels().get(Device.cpu()).singletonOrThrow();
                    float loss = trainer.getLoss()
                            .evaluate(
                                    data.getLabels().get(Device.cpu()),
                                    data.getPredictions().get(Device.cpu()))
                            .getFloat();
                    heard.add("%d of %d, loss %.4f"
                            .formatted(
                                    labels.getShape().get(0), logits.getShape().get(0), loss));
                }
            }));
            List<String> expected = run.history().steps().stream()
                    .map(step -> "%d of %d, loss %.4f".formatted(step.targets(), step.targets(), step.loss()))
                    .toList();
            assertEquals(expected, heard);
            assertEquals(
                    List.of("epoch 0 start", "batch 1", "batch 2", "epoch 0 end"),
                    memory.report().samples().stream().map(MemorySample::label).toList());
        }
    }

    @Test
    void halfPrecisionLearnsAndFloat16IsScaled() {
        for (DType dtype : DType.values()) {
            try (PretrainedModel model = Toys.causal()) {
                model.computeDtype(dtype);
                Lora.rank(4).inject(model);
                TrainingRun run = run(model, tuning -> tuning.epochs(6));
                double first = run.history().steps().get(0).loss();
                double last = run.history().steps().get(run.steps() - 1).loss();
                assertTrue(last < first - 0.15, dtype + ": " + first + " to " + last);
                // The gradients are those of the loss, not of the scaled one.
                assertEquals(firstNorm(), run.history().steps().get(0).gradientNorm(), 0.05 * firstNorm());
            }
        }
    }

    private static double firstNorm() {
        try (PretrainedModel model = adapted()) {
            return run(model, tuning -> tuning.maxSteps(1))
                    .history()
                    .steps()
                    .get(0)
                    .gradientNorm();
        }
    }

    @Test
    void theSeedDecidesDropoutWithAndWithoutRecomputation() {
        assertEquals(losses(5, false), losses(5, false));
        assertNotEquals(losses(5, false), losses(6, false));
        List<Double> plain = losses(5, false);
        List<Double> again = losses(5, true);
        for (int i = 0; i < plain.size(); i++) {
            assertEquals(plain.get(i), again.get(i), 1e-5, "step " + i);
        }
    }

    private static List<Double> losses(long seed, boolean recompute) {
        try (PretrainedModel model = Toys.causal()) {
            Lora.rank(4).dropout(0.5).inject(model);
            return Toys.losses(
                    run(model, tuning -> recompute ? tuning.seed(seed).recompute() : tuning.seed(seed)));
        }
    }

    @Test
    void anEstimateTrainsNothing() {
        try (PretrainedModel model = adapted()) {
            List<float[]> before = Toys.values(model.parameters());
            CausalTuning tuning = FineTune.of(model).on(DOCUMENTS);
            MemoryEstimate estimate = tuning.estimate();
            assertTrue(estimate.fits() && estimate.totalGiB() > 0.05, estimate.toString());
            assertTrue(
                    tuning.lossRows(0).estimate().parts().activations()
                            >= estimate.parts().activations(),
                    "all logits at once take at least as much");
            List<float[]> after = Toys.values(model.parameters());
            for (int i = 0; i < before.size(); i++) {
                org.junit.jupiter.api.Assertions.assertArrayEquals(before.get(i), after.get(i));
            }
            assertFalse(new MemoryEstimate(estimate.parts(), 0.01).fits());
        }
    }

    @Test
    void gradientsAreGoneAfterARun() {
        try (PretrainedModel model = adapted()) {
            run(model, tuning -> tuning.maxSteps(2));
            model.parameters().stream()
                    .filter(parameter -> parameter.requiresGradient())
                    .forEach(parameter -> {
                        for (float value : parameter.getArray().getGradient().toFloatArray()) {
                            assertEquals(0, value);
                        }
                    });
        }
    }

    @Test
    void whatCannotBeTrainedOnIsSaid() {
        try (PretrainedModel model = adapted()) {
            assertMessage(LorikeetException.class, FineTune.of(model), "on(documents)");
            assertMessage(
                    BadArgumentException.class,
                    FineTune.of(model).on(DOCUMENTS.length(65)),
                    "document length is 65",
                    "at most 64");
            assertMessage(
                    BadArgumentException.class,
                    FineTune.of(model).on(DOCUMENTS.batch(17).dropLast()),
                    "at least one full batch");
        }
        try (PretrainedModel model = Toys.causal()) {
            model.freeze(true);
            assertMessage(LorikeetException.class, FineTune.of(model).on(DOCUMENTS), "every parameter is frozen");
        }
    }

    private static void assertMessage(Class<? extends LorikeetException> type, CausalTuning tuning, String... parts) {
        String message = assertThrows(type, tuning::run).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
