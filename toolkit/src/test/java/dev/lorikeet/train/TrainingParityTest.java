package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.data.Batch;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.References;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.CausalObjective;
import dev.lorikeet.train.step.MemoryOptions;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Losses and gradient norms step by step, against PyTorch, transformers and PEFT on the same weights and batches. */
class TrainingParityTest {

    private static final double LOSS = 1e-3;
    private static final double NORM_SHARE = 0.005;

    @Test
    void loraOnGpt2() {
        JsonObject fixture = capp();
        try (PretrainedModel model = References.cappGpt2()) {
            Lora.load(TestData.fixture("capp-gpt2/lora-init"), model);
            assertSteps(model, fixture, fixture.getAsJsonObject("lora"), batches(fixture, false));
            assertSameLogits(model, "capp-gpt2/lora-final", References.cappGpt2());
        }
    }

    @Test
    void maskedLoraOnGpt2() {
        JsonObject fixture = capp();
        try (PretrainedModel model = References.cappGpt2()) {
            Lora.load(TestData.fixture("capp-gpt2/lora-init"), model);
            assertSteps(model, fixture, fixture.getAsJsonObject("lora_masked"), batches(fixture, true));
        }
    }

    @Test
    void allWeightsOfGpt2() {
        JsonObject fixture = capp();
        try (PretrainedModel model = References.cappGpt2()) {
            model.freeze(false);
            assertSteps(model, fixture, fixture.getAsJsonObject("full"), batches(fixture, false));
        }
    }

    @Test
    void theFirstStepsOfLoraOnSmolLm2() {
        JsonObject fixture = smollm2();
        try (PretrainedModel model = Models.load(TestData.smollm2().toString(), DType.FLOAT32)) {
            Lora.load(TestData.fixture("smollm2/lora-init"), model);
            assertSteps(model, fixture, fixture, batches(fixture, false).subList(0, 3));
        }
    }

    @Test
    @Tag("heavy")
    void loraOnSmolLm2() {
        JsonObject fixture = smollm2();
        try (PretrainedModel model = Models.load(TestData.smollm2().toString(), DType.FLOAT32)) {
            Lora.load(TestData.fixture("smollm2/lora-init"), model);
            assertSteps(model, fixture, fixture, batches(fixture, false));
            for (JsonElement element : fixture.getAsJsonArray("after")) {
                JsonObject expected = element.getAsJsonObject();
                References.assertForward(model, expected, 5e-3);
                int[] greedy = References.ints(expected.getAsJsonArray("greedy_ids"));
                int[] ids = References.ints(expected.getAsJsonArray("ids"));
                assertArrayEquals(greedy, model.generate(ids, GenerationConfig.greedy(greedy.length)));
            }
        }
    }

    private static JsonObject smollm2() {
        return TestData.json(TestData.fixture("smollm2/lora-training.json"));
    }

    private static JsonObject capp() {
        return TestData.json(TestData.fixture("capp-gpt2/training.json"));
    }

    private static List<Batch> batches(JsonObject fixture, boolean masked) {
        List<Batch> batches = new ArrayList<>();
        JsonArray ids = fixture.getAsJsonArray("input_ids");
        for (int i = 0; i < ids.size(); i++) {
            int[][] rows = References.rows(ids.get(i).getAsJsonArray());
            Batch batch = Batch.of(rows);
            if (masked) {
                int[][] mask = References.rows(
                        fixture.getAsJsonArray("label_mask").get(i).getAsJsonArray());
                for (int row = 0; row < mask.length; row++) {
                    for (int j = 0; j < mask[row].length; j++) {
                        batch.lossMask()[row][j] = mask[row][j] == 1;
                    }
                }
            }
            batches.add(batch);
        }
        return batches;
    }

    private static void assertSteps(
            PretrainedModel model, JsonObject fixture, JsonObject expected, List<Batch> batches) {
        JsonObject config = fixture.getAsJsonObject("config");
        double rate = config.get("lr").getAsDouble();
        AdamW settings = AdamW.of(rate).weightDecay(config.get("weight_decay").getAsDouble());
        try (Optimizer optimizer = new Optimizer(settings, model.parameters(), model.manager())) {
            double maxNorm = config.get("max_grad_norm").getAsDouble();
            Step step = Toys.step(new CausalObjective(model), optimizer, MemoryOptions.DEFAULT, maxNorm);
            for (int i = 0; i < batches.size(); i++) {
                Step.StepResult result = step.run(List.of(batches.get(i)), rate, (batch, seen) -> {});
                double norm = norms(expected).get(i).getAsDouble();
                assertEquals(expected.getAsJsonArray("loss").get(i).getAsDouble(), result.loss(), LOSS, "loss " + i);
                assertEquals(norm, result.gradientNorm(), norm * NORM_SHARE, "gradient norm " + i);
            }
        }
    }

    private static JsonArray norms(JsonObject expected) {
        return expected.getAsJsonArray("grad_norm_before_clip");
    }

    /** The adapter trained here against the one that PEFT had trained and saved at the end. */
    private static void assertSameLogits(PretrainedModel trained, String adapter, PretrainedModel fresh) {
        try (fresh) {
            Path folder = TestData.fixture(adapter);
            Lora.load(folder, fresh);
            int[] ids = {0, 8, 14, 17, 21};
            assertArrayEquals(References.lastLogits(fresh, ids), References.lastLogits(trained, ids), 2e-2f);
        }
    }
}
