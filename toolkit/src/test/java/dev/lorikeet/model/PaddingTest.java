package dev.lorikeet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.block.ForwardContext;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A padded batch gives each row what it gets alone. */
class PaddingTest {

    private static final float TOLERANCE = 1e-4f;
    private static final int PAD = 32;
    private static final int[][] ROWS = {{29, 26, 4, 13, 3}, {26, 31}, {7, 1, 12, 30, 26, 14, 29}};
    private static final int WIDTH = 9;

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama", "llama-3", "llama-biased", "mistral", "qwen2"})
    void onTheRight(String name) {
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager()) {
            ForwardContext pass = ForwardContext.of(scope, false);
            assertRows(model, logits(model, padded(scope, model, false), pass), 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama", "llama-3", "llama-biased", "mistral", "qwen2"})
    void onTheLeft(String name) {
        try (PretrainedModel model = TinyModels.load(name);
                NDManager scope = model.manager().newSubManager()) {
            ForwardContext pass = ForwardContext.of(scope, false).paddingMask(keep(scope));
            assertRows(model, logits(model, padded(scope, model, true), pass), 1);
            float[][] unmasked = logits(model, padded(scope, model, true), ForwardContext.of(scope, false));
            assertFalse(close(References.lastLogits(model, ROWS[1]), unmasked[2 * WIDTH - 1]));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-llama", "llama-3", "llama-biased", "mistral", "qwen2"})
    void ofAClassifier(String name) {
        int[] lengths = Arrays.stream(ROWS).mapToInt(row -> row.length).toArray();
        try (Classifier model = TinyModels.load(name).classifier("no", "yes", "perhaps");
                NDManager scope = model.manager().newSubManager()) {
            ForwardContext pass = ForwardContext.of(scope, false);
            float[] batch =
                    model.logits(padded(scope, model, false), lengths, pass).toFloatArray();
            model.pooling(Classifier.Pooling.LAST_POSITION);
            float[] looking =
                    model.logits(padded(scope, model, false), lengths, pass).toFloatArray();
            model.pooling(Classifier.Pooling.LAST_TOKEN);
            for (int i = 0; i < ROWS.length; i++) {
                int[][] row = {ROWS[i]};
                float[] alone = model.logits(model.ids(scope, row), new int[] {lengths[i]}, pass)
                        .toFloatArray();
                assertArrayEquals(alone, Arrays.copyOfRange(batch, 3 * i, 3 * i + 3), TOLERANCE);
                assertFalse(close(alone, Arrays.copyOfRange(looking, 3 * i, 3 * i + 3)));
            }
        }
    }

    private static NDArray padded(NDManager scope, LanguageModel model, boolean left) {
        int[][] padded = new int[ROWS.length][WIDTH];
        for (int i = 0; i < ROWS.length; i++) {
            Arrays.fill(padded[i], PAD);
            System.arraycopy(ROWS[i], 0, padded[i], left ? WIDTH - ROWS[i].length : 0, ROWS[i].length);
        }
        return model.ids(scope, padded);
    }

    private static NDArray keep(NDManager scope) {
        boolean[] keep = new boolean[ROWS.length * WIDTH];
        for (int i = 0; i < ROWS.length; i++) {
            Arrays.fill(keep, (i + 1) * WIDTH - ROWS[i].length, (i + 1) * WIDTH, true);
        }
        return scope.create(keep, new Shape(ROWS.length, WIDTH));
    }

    /** Rows (batch · time, vocabulary). */
    private static float[][] logits(PretrainedModel model, NDArray ids, ForwardContext pass) {
        float[] flat = model.transformer()
                .logits(model.transformer().hidden(ids, pass), null, pass)
                .toFloatArray();
        int width = model.config().vocabSize();
        float[][] rows = new float[flat.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }

    /** @param side 0 with padding on the right, 1 on the left */
    private static void assertRows(PretrainedModel model, float[][] batch, int side) {
        for (int i = 0; i < ROWS.length; i++) {
            float[][] alone = References.logits(model, ROWS[i]);
            int first = i * WIDTH + side * (WIDTH - ROWS[i].length);
            for (int j = 0; j < alone.length; j++) {
                assertArrayEquals(alone[j], batch[first + j], TOLERANCE, "row " + i + ", token " + j);
            }
        }
    }

    private static boolean close(float[] one, float[] other) {
        for (int i = 0; i < one.length; i++) {
            if (Math.abs(one[i] - other[i]) > 10 * TOLERANCE) {
                return false;
            }
        }
        return true;
    }
}
