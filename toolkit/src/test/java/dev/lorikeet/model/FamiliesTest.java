package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.KvCache;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.model.generate.GenerationResult;
import dev.lorikeet.model.io.GgufType;
import dev.lorikeet.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Small checkpoints of each family against transformers, on texts longer than windows and first contexts; see family_fixtures.py. */
public class FamiliesTest {

    private static final float TOLERANCE = 1e-4f;

    /** Checkpoints that were drawn at random. */
    public static final List<String> DRAWN = List.of(
            "tiny-qwen3",
            "tiny-qwen3-window",
            "tiny-gemma2",
            "tiny-gemma3",
            "tiny-phi3",
            "tiny-phi3-longrope",
            "tiny-smollm3",
            "tiny-olmo2",
            "tiny-granite",
            "tiny-llama-yarn",
            "tiny-llama-dynamic");

    /** GGUF has no place for windows of a Qwen3, dynamic scaling, and a query_pre_attn_scalar other than the head width. */
    private static final List<String> NOT_IN_GGUF = List.of("tiny-qwen3-window", "tiny-llama-dynamic", "tiny-gemma2");

    @TempDir
    private Path home;

    static List<String> drawn() {
        return DRAWN;
    }

    static List<String> inGguf() {
        return DRAWN.stream().filter(name -> !NOT_IN_GGUF.contains(name)).toList();
    }

    @ParameterizedTest
    @MethodSource("drawn")
    void logitsAndGreedyIdsAreThoseOfTransformers(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            assertExpected(name, model);
        }
    }

    @ParameterizedTest
    @MethodSource("inGguf")
    void aGgufFileHoldsTheSameModelAndTheFolderMadeOfIt(String name) {
        Path file = home.resolve("model.gguf");
        try (PretrainedModel model = TinyModels.load(name)) {
            model.saveGguf(file, GgufType.F32);
        }
        Path folder = home.resolve("folder");
        try (PretrainedModel model = Models.load(file.toString(), DType.FLOAT32)) {
            assertExpected(name, model);
            if (name.equals("tiny-llama-yarn")) {
                // The file holds divisors of frequencies, of which transformers knows nothing.
                assertThrows(LorikeetException.class, () -> model.save(folder));
                return;
            }
            model.save(folder);
        }
        try (PretrainedModel model = Models.load(folder.toString(), DType.FLOAT32)) {
            assertExpected(name, model);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-qwen3-window, biases of projections",
        "tiny-llama-dynamic, dynamic scaling",
        "tiny-gemma2, query_pre_attn_scalar"
    })
    void whatGgufHasNoPlaceForIsRefused(String name, String what) {
        Path file = home.resolve("model.gguf");
        try (PretrainedModel model = TinyModels.load(name)) {
            String message = assertThrows(LorikeetException.class, () -> model.saveGguf(file, GgufType.F32))
                    .getMessage();
            assertTrue(message.contains(what) && message.contains("save a folder"), message);
        }
        assertFalse(Files.exists(file));
    }

    @ParameterizedTest
    @MethodSource("drawn")
    void aPaddedTextIsWrittenAsAlone(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            List<String> prompts = List.of("the rain and the wind", "the");
            GenerationConfig settings = GenerationConfig.greedy(8);
            List<GenerationResult> together = model.generate(prompts, settings);
            for (int i = 0; i < prompts.size(); i++) {
                assertArrayEquals(
                        model.generate(prompts.get(i), settings).ids(),
                        together.get(i).ids(),
                        prompts.get(i));
            }
        }
    }

    /** Where scaling looks at the length, pieces that are read early differ from a text that is read whole. */
    @ParameterizedTest
    @MethodSource("drawn")
    void aPromptMayBeReadInPieces(String name) {
        int[] ids = Arrays.copyOf(ids(name), 12);
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager();
                KvCache cache = new KvCache(scope, model.config(), model.computeDtype(), 1, ids.length)) {
            ForwardContext context = ForwardContext.of(scope, false).cache(cache);
            float[][] whole = References.logits(model, ids);
            int start = 0;
            for (int length : new int[] {5, 1, 4, 2}) {
                int[] piece = Arrays.copyOfRange(ids, start, start + length);
                NDArray hidden = model.transformer().hidden(model.ids(scope, new int[][] {piece}), context);
                float[] logits =
                        model.transformer().logits(hidden, null, context).toFloatArray();
                int width = logits.length / length;
                for (int i = 0; i < length; i++) {
                    float[] row = Arrays.copyOfRange(logits, i * width, (i + 1) * width);
                    assertArrayEquals(whole[start + i], row, TOLERANCE);
                }
                start += length;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("drawn")
    void textsPackedInARowAreAsAlone(String name) {
        int[] ids = ids(name);
        int first = 17;
        long[] segments =
                IntStream.range(0, ids.length).mapToLong(i -> i < first ? 0 : 1).toArray();
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager()) {
            NDArray numbered = scope.create(segments, new Shape(1, ids.length));
            ForwardContext context = ForwardContext.of(scope, false).segmentIds(numbered);
            NDArray hidden = model.transformer().hidden(model.ids(scope, new int[][] {ids}), context);
            float[] packed = model.transformer().logits(hidden, null, context).toFloatArray();
            int width = packed.length / ids.length;
            float[] last = Arrays.copyOfRange(packed, (ids.length - 1) * width, packed.length);
            int[] second = Arrays.copyOfRange(ids, first, ids.length);
            assertArrayEquals(References.lastLogits(model, second), last, TOLERANCE);
        }
    }

    private static void assertExpected(String name, PretrainedModel model) {
        JsonObject expected = expected(name);
        int[] ids = ids(name);
        float[][] logits = References.logits(model, ids);
        JsonArray rows = expected.getAsJsonArray("logits");
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < logits[i].length; j++) {
                double value = rows.get(i).getAsJsonArray().get(j).getAsDouble();
                assertEquals(value, logits[i][j], TOLERANCE, "row " + i + ", id " + j);
            }
        }
        int[] greedy = References.ints(expected.getAsJsonArray("greedy_ids"));
        assertArrayEquals(
                greedy,
                name.endsWith("dynamic") ? recomputed(model, ids, greedy.length) : written(model, ids, greedy.length));
    }

    private static int[] written(PretrainedModel model, int[] ids, int count) {
        return model.generate(ids, GenerationConfig.greedy(count));
    }

    /** Greedy ids without a cache, whose keys keep the angles that they had, here as in transformers. */
    private static int[] recomputed(PretrainedModel model, int[] ids, int count) {
        int[] all = Arrays.copyOf(ids, ids.length + count);
        for (int i = ids.length; i < all.length; i++) {
            float[] logits = References.lastLogits(model, Arrays.copyOf(all, i));
            int best = 0;
            for (int id = 1; id < logits.length; id++) {
                best = logits[id] > logits[best] ? id : best;
            }
            all[i] = best;
        }
        return Arrays.copyOfRange(all, ids.length, all.length);
    }

    private static int[] ids(String name) {
        return References.ints(expected(name).getAsJsonArray("ids"));
    }

    private static JsonObject expected(String name) {
        return TestData.json(TinyModels.resources(name).resolve("expected.json"));
    }
}
