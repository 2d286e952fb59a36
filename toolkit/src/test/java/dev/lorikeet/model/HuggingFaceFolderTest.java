package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.model.generate.GenerationConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checkpoints as transformers 5 writes them, against its logits: a GPT-2 under the hub's shortened names, and a Llama with
 * grouped queries, an untied head and the rotary base inside "rope_parameters".
 */
class HuggingFaceFolderTest {

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama"})
    void logitsAndGreedyIdsAreThoseOfTransformers(String name) {
        JsonObject expected = TestData.json(TinyModels.folder(name).resolve("expected.json"));
        int[] ids = References.ints(expected.getAsJsonArray("ids"));
        JsonArray logits = expected.getAsJsonArray("logits");
        try (PretrainedModel model = TinyModels.load(name)) {
            assertArrayEquals(
                    ids, model.tokenizer().encode(expected.get("prompt").getAsString()));
            float[][] ours = References.logits(model, ids);
            for (int i = 0; i < ids.length; i++) {
                JsonArray row = logits.get(i).getAsJsonArray();
                for (int j = 0; j < row.size(); j++) {
                    assertEquals(row.get(j).getAsDouble(), ours[i][j], 1e-4);
                }
            }
            int[] greedy = References.ints(expected.getAsJsonArray("greedy_ids"));
            assertArrayEquals(greedy, model.generate(ids, GenerationConfig.greedy(greedy.length)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-llama"})
    void anUntiedHeadIsAMatrixOfItsOwn(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            assertFalse(model.config().tiedEmbeddings());
            assertEquals(4, model.config().headDim());
            assertEquals(2, model.config().keyValueHeads());
            assertEquals(500, model.config().rope().orElseThrow().theta());
            long table = 33 * 8;
            long layer = 8 * (16 + 8 + 8 + 16) + 3 * 8 * 20 + 2 * 8;
            assertEquals(2 * table + 2 * layer + 8, model.parameterCount().total());
        }
    }
}
