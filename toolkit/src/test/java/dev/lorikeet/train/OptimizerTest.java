package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.Optimizer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** AdamW against the published algorithm, worked out in doubles. */
class OptimizerTest {

    private static final float[] START = {0.5f, -1.25f, 2f, 0.01f};
    private static final float[][] GRADIENTS = {
        {0.1f, -0.2f, 3f, 1e-4f}, {-0.3f, -0.1f, 0.5f, 2e-4f}, {0.05f, 0.4f, -6f, -1e-4f}
    };

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Loshchilov and Hutter 2019, algorithm 2, for one array. */
    private static final class Expected {
        private final AdamW settings;
        private final double[] weights = new double[START.length];
        private final double[] means = new double[START.length];
        private final double[] squares = new double[START.length];
        private int time;

        Expected(AdamW settings) {
            this.settings = settings;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = START[i];
            }
        }

        void step(double rate, double factor, float[] gradient) {
            time++;
            for (int i = 0; i < weights.length; i++) {
                double g = factor * gradient[i];
                means[i] = settings.beta1() * means[i] + (1 - settings.beta1()) * g;
                squares[i] = settings.beta2() * squares[i] + (1 - settings.beta2()) * g * g;
                double mean = means[i] / (1 - Math.pow(settings.beta1(), time));
                double square = squares[i] / (1 - Math.pow(settings.beta2(), time));
                weights[i] -=
                        rate * (mean / (Math.sqrt(square) + settings.epsilon()) + settings.weightDecay() * weights[i]);
            }
        }

        void assertNear(Parameter parameter) {
            float[] actual = parameter.getArray().toFloatArray();
            for (int i = 0; i < weights.length; i++) {
                assertEquals(
                        weights[i],
                        actual[i],
                        2e-7 * Math.max(1, Math.abs(weights[i])),
                        "weight " + i + " at step " + time);
            }
        }
    }

    private Parameter parameter(Shape shape) {
        Parameter parameter = Parameter.builder()
                .setName("toy")
                .setType(Parameter.Type.OTHER)
                .optShape(shape)
                .optArray(manager.create(START, shape))
                .build();
        parameter.freeze(false);
        return parameter;
    }

    /** Adds to the gradient, as the backward pass of Σ gradient · parameter. */
    private void backward(Parameter parameter, float[] gradient) {
        try (NDManager scope = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray factor = scope.create(gradient, parameter.getShape());
            collector.backward(factor.mul(parameter.getArray()).sum());
        }
    }

    private float[] gradient(Parameter parameter) {
        try (NDArray gradient = parameter.getArray().getGradient()) {
            return gradient.toFloatArray();
        }
    }

    private void assertFollows(AdamW settings, double maxNorm) {
        Parameter parameter = parameter(new Shape(2, 2));
        Expected expected = new Expected(settings);
        double[] rates = {0.01, 0.02, 0.005};
        try (Optimizer optimizer = new Optimizer(settings, List.of(parameter), manager)) {
            for (int i = 0; i < GRADIENTS.length; i++) {
                backward(parameter, GRADIENTS[i]);
                double norm = Toys.norm(GRADIENTS[i]);
                assertEquals(norm, optimizer.step(rates[i], maxNorm, 1), 1e-6 * norm);
                expected.step(rates[i], maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1, GRADIENTS[i]);
                expected.assertNear(parameter);
            }
        }
    }

    @Test
    void biasCorrectionAndEpsilonAreThoseOfThePaper() {
        assertFollows(AdamW.of(1), 0);
        assertFollows(AdamW.of(1).betas(0.8, 0.95).epsilon(0.1), 0);
    }

    @Test
    void decayDoesNotGoThroughTheMoments() {
        assertFollows(AdamW.of(1).weightDecay(0.3).epsilon(1e-3), 0);
    }

    @Test
    void clippingScalesAllGradientsByOneFactor() {
        assertFollows(AdamW.of(1).epsilon(0.5), 1);
        assertFollows(AdamW.of(1).epsilon(0.5), Double.POSITIVE_INFINITY);
    }

    @Test
    void theNormIsThatOfAllParametersTogether() {
        Parameter matrix = parameter(new Shape(2, 2));
        Parameter vector = parameter(new Shape(4));
        AdamW settings = AdamW.of(1).epsilon(0.5);
        Expected expected = new Expected(settings);
        try (Optimizer optimizer = new Optimizer(settings.decayMatricesOnly(), List.of(vector, matrix), manager)) {
            backward(matrix, GRADIENTS[0]);
            backward(vector, GRADIENTS[1]);
            double norm = Toys.norm(GRADIENTS[0], GRADIENTS[1]);
            assertEquals(norm, optimizer.step(0.1, 0.7, 1), 1e-6);
            expected.step(0.1, 0.7 / (norm + 1e-6), GRADIENTS[1]);
            expected.assertNear(vector);
        }
    }

    @Test
    void gradientsAreZeroAfterAStepAndAfterwardsAddUp() {
        Parameter parameter = parameter(new Shape(4));
        try (Optimizer optimizer = new Optimizer(AdamW.of(1), List.of(parameter), manager)) {
            backward(parameter, GRADIENTS[0]);
            optimizer.step(0.1, 1, 1);
            assertArrayEquals(new float[4], gradient(parameter));
            backward(parameter, GRADIENTS[1]);
            backward(parameter, GRADIENTS[1]);
            assertEquals(2 * Toys.norm(GRADIENTS[1]), optimizer.step(0.1, 0, 1), 1e-6);
        }
    }

    @Test
    void gradientsOfAScaledLossAreThoseOfTheLoss() {
        Parameter plain = parameter(new Shape(4));
        Parameter scaled = parameter(new Shape(4));
        AdamW settings = AdamW.of(1).epsilon(0.5);
        try (Optimizer one = new Optimizer(settings, List.of(plain), manager);
                Optimizer other = new Optimizer(settings, List.of(scaled), manager)) {
            float[] lifted = {0.1f * 1024, -0.2f * 1024, 3f * 1024, 1e-4f * 1024};
            backward(plain, GRADIENTS[0]);
            backward(scaled, lifted);
            assertEquals(one.step(0.1, 1, 1), other.step(0.1, 1, 1024), 1e-6);
            assertArrayEquals(plain.getArray().toFloatArray(), scaled.getArray().toFloatArray(), 1e-7f);
        }
    }

    @Test
    void gradientsThatAreNoNumbersChangeNothingAndGo() {
        Parameter parameter = parameter(new Shape(4));
        try (Optimizer optimizer = new Optimizer(AdamW.of(1), List.of(parameter), manager)) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                backward(parameter, new float[] {1, bad, 1, 2});
                assertFalse(Double.isFinite(optimizer.step(0.1, 1, 1)));
                assertArrayEquals(START, parameter.getArray().toFloatArray());
                assertArrayEquals(new float[4], gradient(parameter));
            }
            Expected expected = new Expected(AdamW.of(1));
            backward(parameter, GRADIENTS[0]);
            optimizer.step(0.1, 0, 1);
            expected.step(0.1, 1, GRADIENTS[0]);
            expected.assertNear(parameter);
        }
    }

    @Test
    void discardedGradientsAreZeroWhateverTheyWere() {
        Parameter parameter = parameter(new Shape(4));
        try (Optimizer optimizer = new Optimizer(AdamW.of(1), List.of(parameter), manager)) {
            backward(parameter, new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1, 2});
            optimizer.zeroGradients();
            assertArrayEquals(new float[4], gradient(parameter));
            assertArrayEquals(START, parameter.getArray().toFloatArray());
        }
    }

    @Test
    void onlyMatricesOfAFullFineTuneDecayIfAskedTo() {
        try (Classifier model = Toys.frozen()) {
            model.freeze(false);
            List<float[]> before = Toys.values(model.parameters());
            try (Optimizer optimizer = new Optimizer(
                    AdamW.of(1).weightDecay(0.5).decayMatricesOnly(), model.parameters(), model.manager())) {
                optimizer.step(0.1, 0, 1);
            }
            List<float[]> after = Toys.values(model.parameters());
            int vectors = 0;
            for (int i = 0; i < before.size(); i++) {
                Parameter parameter = model.parameters().get(i);
                boolean vector = parameter.getShape().dimension() == 1;
                vectors += vector ? 1 : 0;
                float factor = vector ? 1 : 0.95f;
                float[] old = before.get(i);
                for (int j = 0; j < old.length; j += 97) {
                    assertEquals(old[j] * factor, after.get(i)[j], 1e-6f, parameter.getName());
                }
            }
            assertEquals(2 * 8 + 2 + 1, vectors, "biases and scales of two layers, the last norm and the head");
        }
    }

    @Test
    void stateAndGradientsLeaveNothingBehind() {
        Parameter parameter = parameter(new Shape(4));
        backward(parameter, GRADIENTS[0]);
        int before = Toys.owned(manager);
        try (Optimizer optimizer = new Optimizer(AdamW.of(1), List.of(parameter), manager)) {
            int during = Toys.owned(manager);
            optimizer.step(0.1, 1, 1);
            optimizer.zeroGradients();
            assertEquals(during, Toys.owned(manager));
        }
        assertEquals(before, Toys.owned(manager));
    }

    @Test
    void nothingToTrainIsAnError() {
        Parameter parameter = parameter(new Shape(4));
        parameter.freeze(true);
        int before = Toys.owned(manager);
        LorikeetException error =
                assertThrows(LorikeetException.class, () -> new Optimizer(AdamW.of(1), List.of(parameter), manager));
        assertTrue(error.getMessage().contains("Lora.rank(16).inject(model)"), error.getMessage());
        assertEquals(before, Toys.owned(manager));
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThrows(BadArgumentException.class, () -> AdamW.of(-1));
        assertThrows(BadArgumentException.class, () -> AdamW.of(Double.NaN));
        assertThrows(BadArgumentException.class, () -> AdamW.of(1).weightDecay(-0.1));
        assertThrows(BadArgumentException.class, () -> AdamW.of(1).betas(1, 0.9));
        assertThrows(BadArgumentException.class, () -> AdamW.of(1).betas(0.9, -0.1));
        assertThrows(BadArgumentException.class, () -> AdamW.of(1).epsilon(-1e-8));
    }
}
