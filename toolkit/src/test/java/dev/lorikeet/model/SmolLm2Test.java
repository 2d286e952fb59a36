package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.tensor.DType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The default model against numbers of transformers on the same file. */
class SmolLm2Test {

    private static PretrainedModel model;

    @BeforeAll
    static void load() {
        model = Models.load(TestData.smollm2().toString(), DType.FLOAT32);
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    @Test
    void logitsAndTheFirstGreedyIdsAreThoseOfTransformers() {
        for (JsonElement element : cases()) {
            JsonObject expected = element.getAsJsonObject();
            int[] ids = References.ints(expected.getAsJsonArray("ids"));
            assertArrayEquals(
                    ids, model.tokenizer().encode(expected.get("prompt").getAsString()));
            References.assertForward(model, expected, 2e-3);
            assertGreedy(expected, 8);
        }
    }

    @Test
    @Tag("heavy")
    void allGreedyIdsAreThoseOfTransformers() {
        cases().forEach(expected -> assertGreedy(expected.getAsJsonObject(), Integer.MAX_VALUE));
    }

    private static JsonArray cases() {
        return TestData.json(TestData.fixture("smollm2/forward.json")).getAsJsonArray("cases");
    }

    private static void assertGreedy(JsonObject expected, int most) {
        int[] all = References.ints(expected.getAsJsonArray("greedy_ids"));
        int[] greedy = Arrays.copyOf(all, Math.min(most, all.length));
        int[] ids = References.ints(expected.getAsJsonArray("ids"));
        assertArrayEquals(greedy, model.generate(ids, GenerationConfig.greedy(greedy.length)));
    }

    @Test
    void anAnswerIsShownAfterItsQuestion() {
        GenerationResult answer = model.answer("What is the capital of France?", GenerationConfig.greedy(8));
        assertEquals("What is the capital of France?\n", answer.prompt());
        assertTrue(answer.text().contains("Paris"), answer.text());
    }

    @Test
    void halfPrecisionsStayNear() {
        int[] ids = model.tokenizer().encode("The capital of France is");
        float[] exact = References.lastLogits(model, ids);
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
            try (PretrainedModel half = Models.load(TestData.smollm2().toString(), dtype)) {
                float[] near = References.lastLogits(half, ids);
                double worst = 0;
                for (int i = 0; i < exact.length; i++) {
                    worst = Math.max(worst, Math.abs(exact[i] - near[i]));
                }
                assertEquals(0, worst, dtype == DType.FLOAT16 ? 0.15 : 1.5, dtype + " differs too much");
                assertEquals(
                        " Paris", half.generate("The capital of France is", 1).text());
            }
        }
    }
}
