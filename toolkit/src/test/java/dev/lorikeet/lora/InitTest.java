package dev.lorikeet.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.TinyModels;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InitTest {

    private static final int DRAWS = 20_000;
    private static final long IN = 64;
    private static final long RANK = 4;

    @Test
    void kaimingIsUniformWithinOneOverTheRootOfTheInputs() {
        assertUniform(Init.KAIMING, 1 / 8.0);
    }

    @Test
    void appendixEIsUniformWithinOneOverTheRootOfTheRank() {
        assertUniform(Init.APPENDIX_E, 1 / 2.0);
    }

    @Test
    void kerasIsUniformByItsVarianceScaling() {
        assertUniform(Init.KERAS, Math.sqrt(3 * Math.sqrt(5) / 64));
    }

    @Test
    void gaussianDeviatesByOneOverTheRank() {
        double[] drawn = draws(Init.GAUSSIAN);
        assertEquals(0.25, deviation(drawn), 0.25 * 0.02);
        assertEquals(0, Arrays.stream(drawn).average().orElseThrow(), 0.01);
        assertTrue(Arrays.stream(drawn).anyMatch(x -> Math.abs(x) > 0.75));
    }

    private static void assertUniform(Init init, double bound) {
        double[] drawn = draws(init);
        double largest = Arrays.stream(drawn).map(Math::abs).max().orElseThrow();
        assertTrue(largest <= bound * 1.000001 && largest > bound * 0.99, largest + " beside " + bound);
        assertEquals(bound / Math.sqrt(3), deviation(drawn), bound * 0.01);
        assertEquals(0, Arrays.stream(drawn).average().orElseThrow(), bound * 0.02);
    }

    private static double[] draws(Init init) {
        SplittableRandom random = new SplittableRandom(7);
        double[] drawn = new double[DRAWS];
        Arrays.setAll(drawn, i -> init.draw(random, IN, RANK));
        return drawn;
    }

    private static double deviation(double[] drawn) {
        return Math.sqrt(Arrays.stream(drawn).map(x -> x * x).average().orElseThrow());
    }

    @Test
    void injectionDrawsAByItsInputsAndLeavesBZero() {
        try (PretrainedModel model = TinyModels.load("tiny-llama")) {
            LoraAdapter adapter = Lora.rank(3).on("down_proj").inject(model);
            float[] a =
                    adapter.adaptedProjections().get(0).weights().a().getArray().toFloatArray();
            assertEquals(3 * 20, a.length);
            for (float value : a) {
                assertTrue(Math.abs(value) <= 1 / Math.sqrt(20));
            }
            assertArrayEquals(
                    new float[8 * 3],
                    adapter.adaptedProjections().get(0).weights().b().getArray().toFloatArray());
            adapter.remove();
            assertArrayEquals(a, firstA(Lora.rank(3).on("down_proj"), model));
            assertFalse(Arrays.equals(a, firstA(Lora.rank(3).on("down_proj").seed(124), model)));
        }
    }

    private static float[] firstA(LoraBuilder config, PretrainedModel model) {
        LoraAdapter adapter = config.inject(model);
        float[] a = adapter.adaptedProjections().get(0).weights().a().getArray().toFloatArray();
        adapter.remove();
        return a;
    }
}
