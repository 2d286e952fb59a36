package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.nn.Parameter;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Bias;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.lora.LoraAdapter;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Biases and whole modules learn as an adapter's copies, and the model's own stay as they are. */
class TrainedModulesToSaveTest {

    private static final Batch BATCH =
            Batch.of(new int[][] {{5, 17, 3, 28, 11, 0, 30, 9}, {1, 31, 8, 8, 26, 12, 4, 20}});

    @ParameterizedTest
    @CsvSource({
        "tiny-gpt2, wte, false",
        "tiny-gpt2, lm_head, true",
        "tiny-gpt2, ln_f, false",
        "tiny-llama, embed_tokens, true",
        "tiny-llama, lm_head, false"
    })
    void everyCopyLearnsAndNothingElse(String name, String module, boolean recompute) {
        try (PretrainedModel model = TinyModels.load(name)) {
            List<float[]> own = values(model);
            LoraAdapter adapter = Lora.rank(2)
                    .on(name.equals("tiny-gpt2") ? "c_attn" : "q_proj")
                    .bias(Bias.ALL)
                    .modulesToSave(module)
                    .inject(model);
            List<ParameterSlot> replaced = model.transformer().slots().stream()
                    .filter(slot -> slot.override().isPresent())
                    .toList();
            assertTrue(replaced.stream().anyMatch(slot -> slot.module().endsWith(module)));
            double first = step(model, recompute);
            double last = first;
            for (int i = 0; i < 5; i++) {
                last = step(model, recompute);
            }
            assertTrue(last < first, first + " to " + last);
            for (ParameterSlot slot : replaced) {
                assertFalse(
                        Arrays.equals(
                                slot.own().getArray().toFloatArray(),
                                slot.used().getArray().toFloatArray()),
                        slot.name() + " did not learn");
            }
            List<float[]> after = values(model);
            assertEquals(own.size(), after.size());
            for (int i = 0; i < own.size(); i++) {
                assertArrayEquals(own.get(i), after.get(i));
            }
            adapter.remove();
        }
    }

    private static List<float[]> values(PretrainedModel model) {
        return model.transformer().getParameters().values().stream()
                .map(Parameter::getArray)
                .map(array -> array.toFloatArray())
                .toList();
    }

    private static double step(PretrainedModel model, boolean recompute) {
        MemoryOptions options = new MemoryOptions(recompute, 0);
        try (Optimizer optimizer = new Optimizer(AdamW.of(1e-2), model.parameters(), model.manager())) {
            return Toys.step(new CausalObjective(model), optimizer, options, 0)
                    .run(List.of(BATCH), 1e-2, (batch, seen) -> {})
                    .loss();
        }
    }
}
