package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The architectures of the Llama family against transformers, on texts longer than the window and than the context that
 * rotary scaling starts from; see architectures.py.
 */
class LlamaFamilyTest {

    private static final float TOLERANCE = 1e-4f;

    @ParameterizedTest
    @ValueSource(strings = {"llama-2", "tinyllama", "llama-3", "llama-biased", "mistral", "qwen2"})
    void logitsAndGreedyIdsAreThoseOfTransformers(String name) {
        try (PretrainedModel model = TinyModels.load(name)) {
            assertExpected(name, model);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-3", "llama-biased", "mistral", "qwen2"})
    void aGgufFileIsTheSameModel(String name) {
        Path file = TinyModels.resources(name).resolve("model.gguf");
        try (PretrainedModel model = Models.load(file.toString(), DType.FLOAT32)) {
            assertExpected(name, model);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-3", "llama-biased", "mistral", "qwen2"})
    void textsPackedInARowAreAsAlone(String name) {
        int[] ids = References.ints(expected(name).getAsJsonArray("ids"));
        int first = 17;
        long[] segments =
                IntStream.range(0, ids.length).mapToLong(i -> i < first ? 0 : 1).toArray();
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager()) {
            NDArray numbered = scope.create(segments, new Shape(1, ids.length));
            ForwardContext pass = ForwardContext.of(scope, false).segmentIds(numbered);
            NDArray hidden = model.transformer().hidden(model.ids(scope, new int[][] {ids}), pass);
            float[] packed = model.transformer().logits(hidden, null, pass).toFloatArray();
            assertArrayEquals(
                    References.lastLogits(model, Arrays.copyOf(ids, first)), row(packed, ids, first - 1), TOLERANCE);
            assertArrayEquals(
                    References.lastLogits(model, Arrays.copyOfRange(ids, first, ids.length)),
                    row(packed, ids, ids.length - 1),
                    TOLERANCE);
        }
    }

    private static float[] row(float[] logits, int[] ids, int row) {
        int width = logits.length / ids.length;
        return Arrays.copyOfRange(logits, row * width, (row + 1) * width);
    }

    private static void assertExpected(String name, PretrainedModel model) {
        JsonObject expected = expected(name);
        int[] ids = References.ints(expected.getAsJsonArray("ids"));
        int[] rows = References.ints(expected.getAsJsonArray("rows"));
        float[][] logits = References.logits(model, ids);
        for (int i = 0; i < rows.length; i++) {
            float[] row = logits[rows[i]];
            for (int j = 0; j < row.length; j++) {
                double value = expected.getAsJsonArray("logits")
                        .get(i)
                        .getAsJsonArray()
                        .get(j)
                        .getAsDouble();
                assertEquals(value, row[j], TOLERANCE, "row " + rows[i] + ", id " + j);
            }
        }
        int[] greedy = References.ints(expected.getAsJsonArray("greedy_ids"));
        assertArrayEquals(greedy, model.generate(ids, GenerationConfig.greedy(greedy.length)));
    }

    private static JsonObject expected(String name) {
        return TestData.json(TinyModels.resources(name).resolve("expected.json"));
    }
}
