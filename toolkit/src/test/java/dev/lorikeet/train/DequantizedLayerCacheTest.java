package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.LoraWeights;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.MemoryOptions;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of a quantised base, which stay in their arrays from batch to batch. */
class DequantizedLayerCacheTest {

    private static final List<Batch> BATCHES = List.of(
            Batch.of(new int[][] {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}}), Batch.of(new int[][] {{11, 12, 13, 14}}));

    private static MemoryOptions options(boolean recompute) {
        return new MemoryOptions(recompute, 4);
    }

    private static PretrainedModel model() {
        PretrainedModel model = TinyModels.randomLlama(1).quantize(Quantization.INT8);
        Lora.rank(2).seed(1).on("q_proj", "down_proj").inject(model);
        return model;
    }

    private static void add(BackwardPass gradients, PretrainedModel model, Batch batch) {
        gradients.accumulate(new CausalObjective(model).lossInput(batch), 1, 1, seen -> {});
    }

    /** The gradient of each B; that of A is zero as long as B is. */
    private static float[][] learned(PretrainedModel model) {
        return model.transformer().projections().stream()
                .map(Projection::loraWeights)
                .flatMap(List::stream)
                .map(LoraWeights::b)
                .map(parameter -> {
                    try (NDArray gradient = parameter.getArray().getGradient()) {
                        return gradient.toFloatArray();
                    }
                })
                .toArray(float[][]::new);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theyAreTheRightOnesForEachBatch(boolean recompute) {
        float[][] expected;
        try (PretrainedModel model = model()) {
            for (Batch batch : BATCHES) {
                try (BackwardPass fresh = new BackwardPass(model, options(recompute))) {
                    add(fresh, model, batch);
                }
            }
            expected = learned(model);
        }
        assertTrue(Toys.norm(expected) > 0);
        try (PretrainedModel model = model();
                BackwardPass gradients = new BackwardPass(model, options(recompute))) {
            for (Batch batch : BATCHES) {
                add(gradients, model, batch);
            }
            float[][] found = learned(model);
            for (int i = 0; i < expected.length; i++) {
                assertArrayEquals(expected[i], found[i], "adapter " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theyGoWithTheRunAndWithRecomputationAfterEachBatch(boolean recompute) {
        try (PretrainedModel model = model()) {
            try (BackwardPass gradients = new BackwardPass(model, options(recompute))) {
                add(gradients, model, BATCHES.get(0));
            }
            int before = Toys.owned(model.manager());
            try (BackwardPass gradients = new BackwardPass(model, options(recompute))) {
                add(gradients, model, BATCHES.get(0));
                long layer = 2 * 64 * 64 + 2 * 32 * 64 + 3 * 128 * 64;
                long numbers = layer + 50_257 * 64;
                assertEquals(recompute ? 0 : Float.BYTES * numbers, gradients.keptBytes());
            }
            assertEquals(before, Toys.owned(model.manager()));
        }
    }
}
