package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.KvCache;
import dev.lorikeet.model.generate.GenerationConfig;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a key-value cache everything is as without. */
class CachedGenerationTest {

    private static final int[] IDS = {29, 26, 4, 13, 3, 26, 31, 3, 30, 26};

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama", "llama-3", "llama-biased", "mistral", "qwen2"})
    void greedyIdsAreThoseOfRecomputingEverything(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            int[] ids = IDS;
            for (int i = 0; i < 12; i++) {
                float[] logits = References.lastLogits(model, ids);
                int best = 0;
                for (int id = 1; id < logits.length; id++) {
                    best = logits[id] > logits[best] ? id : best;
                }
                ids = Arrays.copyOf(ids, ids.length + 1);
                ids[ids.length - 1] = best;
            }
            int[] written = Arrays.copyOfRange(ids, IDS.length, ids.length);
            assertArrayEquals(written, model.generate(IDS, GenerationConfig.greedy(written.length)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama", "llama-3", "llama-biased", "mistral", "qwen2"})
    void aPromptMayBeReadInPieces(String name) {
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager();
                KvCache cache = new KvCache(scope, model.config(), model.computeDtype(), 1, IDS.length)) {
            ForwardContext pass = ForwardContext.of(scope, false).cache(cache);
            float[][] whole = References.logits(model, IDS);
            int start = 0;
            for (int length : new int[] {3, 1, 4, 2}) {
                int[] piece = Arrays.copyOfRange(IDS, start, start + length);
                NDArray hidden = model.transformer().hidden(model.ids(scope, new int[][] {piece}), pass);
                float[] logits = model.transformer().logits(hidden, null, pass).toFloatArray();
                int width = logits.length / length;
                for (int i = 0; i < length; i++) {
                    assertArrayEquals(whole[start + i], Arrays.copyOfRange(logits, i * width, (i + 1) * width), 1e-4f);
                }
                start += length;
            }
            assertEquals(IDS.length, cache.length());
        }
    }
}
