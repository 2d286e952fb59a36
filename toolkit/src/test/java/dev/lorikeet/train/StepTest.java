package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.input.ModelInput;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.ClassifierObjective;
import dev.lorikeet.train.step.LossInput;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Objective;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.RowInput;
import dev.lorikeet.train.step.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Accumulation, and what a step leaves behind. */
class StepTest {

    /** A large ε: else rounding in gradients near 0 would decide the sign of whole updates. */
    private static final AdamW SETTINGS = AdamW.of(1).epsilon(1e-2);

    private static final double RATE = 1e-2;

    private record After(Step.StepResult result, List<float[]> weights) {}

    private static After after(LanguageModel model, Objective objective, List<Batch> batches) {
        try (model;
                Optimizer optimizer = new Optimizer(SETTINGS, model.parameters(), model.manager())) {
            Step.StepResult result =
                    Toys.step(objective, optimizer, MemoryOptions.DEFAULT, 0.5).run(batches, RATE, (batch, seen) -> {});
            return new After(result, Toys.values(model.parameters()));
        }
    }

    private static void assertSame(After expected, After actual) {
        assertEquals(expected.result().loss(), actual.result().loss(), 1e-6);
        assertEquals(
                expected.result().gradientNorm(),
                actual.result().gradientNorm(),
                1e-6 * (1 + expected.result().gradientNorm()));
        for (int i = 0; i < expected.weights().size(); i++) {
            assertArrayEquals(expected.weights().get(i), actual.weights().get(i), 1e-6f);
        }
    }

    private static Batch causal(int[][] ids, boolean[][] counts, int from, int to) {
        return Batch.of(Arrays.copyOfRange(ids, from, to), Arrays.copyOfRange(counts, from, to));
    }

    @Test
    void maskedMicroBatchesGiveWhatOneBatchGives() {
        Random random = new Random(5);
        int[][] ids = new int[5][12];
        boolean[][] counts = new boolean[5][12];
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < ids[i].length; j++) {
                ids[i][j] = random.nextInt(50);
                counts[i][j] = j > 2 * i;
            }
        }
        Batch all = causal(ids, counts, 0, 5);
        Batch first = causal(ids, counts, 0, 2);
        Batch second = causal(ids, counts, 2, 5);
        assertEquals(11 + 9, first.targetCount());
        assertEquals(7 + 5 + 3, second.targetCount());

        PretrainedModel one = lora();
        PretrainedModel two = lora();
        After together = after(one, new CausalObjective(one), List.of(all));
        After apart = after(two, new CausalObjective(two), List.of(first, second));

        assertSame(together, apart);
    }

    private static PretrainedModel lora() {
        PretrainedModel model = References.cappGpt2();
        Lora.rank(4).inject(model);
        return model;
    }

    @Test
    void microBatchesOfDifferentSizesAndWidthsGiveWhatOneBatchGives() {
        int[][] rows = {{10, 11, 12, 13, 14}, {20, 21, 0, 0, 0}, {30, 31, 32, 0, 0}};
        Batch all = new Batch(rows, new int[] {5, 2, 3}, new int[] {0, 1, 1}, 0);
        Batch first = new Batch(new int[][] {rows[0]}, new int[] {5}, new int[] {0}, 0);
        Batch second = new Batch(new int[][] {{20, 21, 0}, {30, 31, 32}}, new int[] {2, 3}, new int[] {1, 1}, 0);

        Classifier one = Toys.classifier();
        Classifier two = Toys.classifier();
        After together = after(one, new ClassifierObjective(one), List.of(all));
        After apart = after(two, new ClassifierObjective(two), List.of(first, second));

        assertSame(together, apart);
    }

    /** As in PyTorch, the loss is a weighted mean. */
    @Test
    void aLabelOfWeightTwoCountsAsIfEachOfItsTextsStoodThereTwice() {
        int[][] rows = {{10, 11, 12}, {20, 21, 22}, {30, 31, 32}, {20, 21, 22}, {30, 31, 32}};
        int[] lengths = {3, 3, 3, 3, 3};
        Batch twice = new Batch(rows, lengths, new int[] {0, 1, 1, 1, 1}, 0);
        Batch first = new Batch(Arrays.copyOf(rows, 2), new int[] {3, 3}, new int[] {0, 1}, 0);
        Batch second = new Batch(Arrays.copyOfRange(rows, 2, 3), new int[] {3}, new int[] {1}, 0);

        Classifier one = Toys.classifier();
        Classifier two = Toys.classifier();
        assertSame(
                after(one, new ClassifierObjective(one), List.of(twice)),
                after(two, new ClassifierObjective(two, 1, 2), List.of(first, second)));
    }

    @Test
    void aMicroBatchWithoutTargetsChangesNothing() {
        int[][] ids = {{1, 2, 3, 4}};
        Batch some = Batch.of(ids);
        Batch none = Batch.of(ids, new boolean[1][4]);
        PretrainedModel one = lora();
        PretrainedModel two = lora();
        assertSame(
                after(one, new CausalObjective(one), List.of(some)),
                after(two, new CausalObjective(two), List.of(some, none)));
    }

    @Test
    void nothingToLearnIsAnError() {
        Batch none = Batch.of(new int[][] {{1, 2, 3}}, new boolean[1][3]);
        PretrainedModel model = lora();
        assertThrows(BadArgumentException.class, () -> after(model, new CausalObjective(model), List.of(none)));
    }

    /** Fails in its forward pass from the second batch on. */
    private static final class Failing implements Objective {
        private final ClassifierObjective real;
        private int calls;

        Failing(Classifier model) {
            this.real = new ClassifierObjective(model);
        }

        @Override
        public LanguageModel model() {
            return real.model();
        }

        @Override
        public LossInput lossInput(Batch batch) {
            RowInput question = (RowInput) real.lossInput(batch);
            // An id beyond the vocabulary: noticed only within the pass.
            return calls++ == 0
                    ? question
                    : new RowInput(
                            ModelInput.of(new int[][] {{-1, 0, 0}}, null), question.rows(), question.labels(), null);
        }
    }

    @Test
    void aStepThatFailsLeavesNoGradientNoCollectorAndNoArrays() {
        Batch batch = new Batch(new int[][] {{1, 2, 3}}, new int[] {3}, new int[] {1}, 0);
        try (Classifier failed = Toys.classifier();
                Optimizer optimizer = new Optimizer(SETTINGS, failed.parameters(), failed.manager())) {
            Step broken = Toys.step(new Failing(failed), optimizer, MemoryOptions.DEFAULT, 0);
            int before = Toys.arrays(failed);
            assertThrows(BadArgumentException.class, () -> broken.run(List.of(batch, batch), RATE, (b, seen) -> {}));
            assertEquals(before, Toys.arrays(failed));

            Step step = Toys.step(new ClassifierObjective(failed), optimizer, MemoryOptions.DEFAULT, 0);
            double norm = step.run(List.of(batch), RATE, (b, seen) -> {}).gradientNorm();

            Classifier fresh = Toys.classifier();
            double expected = after(fresh, new ClassifierObjective(fresh), List.of(batch))
                    .result()
                    .gradientNorm();
            assertNotEquals(0, expected);
            assertEquals(expected, norm, 1e-6 * expected);
        }
    }

    @Test
    void theObserverSeesLabelsAndLogitsOfEachMicroBatch() {
        Batch one = new Batch(new int[][] {{1, 2, 3}}, new int[] {3}, new int[] {1}, 0);
        Batch two = new Batch(new int[][] {{4, 5}, {6, 7}}, new int[] {2, 2}, new int[] {1, 0}, 0);
        try (Classifier model = Toys.classifier();
                Optimizer optimizer = new Optimizer(SETTINGS, model.parameters(), model.manager())) {
            Step step = Toys.step(new ClassifierObjective(model), optimizer, MemoryOptions.DEFAULT, 0);
            int[] count = {0};
            step.run(List.of(one, two), RATE, (batch, seen) -> {
                assertArrayEquals(
                        Arrays.stream(batch.labels()).asLongStream().toArray(),
                        seen.labels().toLongArray());
                assertEquals(2L * batch.size(), seen.logits().get().toFloatArray().length);
                count[0]++;
            });
            assertEquals(2, count[0]);
        }
    }
}
