package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.format.WeightFormats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose the results are: those of the first argument's manager, never the parameters', and nothing else stays. */
class OpsScopeTest {

    private NDManager parameters;
    private NDManager scope;
    private NDArray weight;
    private NDArray scale;
    private NDArray bias;
    private NDArray settings;
    private int owned;

    @BeforeEach
    void make() {
        parameters = Torch.manager();
        scope = Torch.manager();
        weight = parameters.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(3, 2));
        scale = parameters.ones(new Shape(2));
        bias = parameters.zeros(new Shape(2));
        settings = parameters.create(new double[] {1e-5, 0});
        owned = arrays(parameters);
    }

    @AfterEach
    void close() {
        scope.close();
        parameters.close();
    }

    private static int arrays(NDManager manager) {
        return manager.getManagedArrays().size();
    }

    private void assertIn(NDManager manager, int expected, NDArray result) {
        assertSame(manager, result.getManager());
        assertEquals(expected, arrays(manager), "arguments and the result");
        assertEquals(owned, arrays(parameters), "the parameters' manager");
    }

    private NDList projection() {
        return new NDList(
                weight,
                Ops.none(scope),
                DType.FLOAT32.zeros(scope, new Shape(0)),
                WeightFormats.DENSE.descriptor(scope));
    }

    private NDList table(NDArray vectors) {
        return new NDList(vectors, WeightFormats.DENSE.descriptor(scope));
    }

    private NDList norm() {
        return new NDList(settings, scale, bias);
    }

    private NDArray x(long... shape) {
        return scope.ones(new Shape(shape));
    }

    @Test
    void project() {
        NDArray y = Ops.project(x(1, 2), projection(), true);
        assertArrayEquals(new float[] {3, 7, 11}, y.toFloatArray());
        assertIn(scope, 5, y);
    }

    @Test
    void norms() {
        assertIn(scope, 2, Ops.norm(x(1, 2), norm(), true));
    }

    @Test
    void head() {
        assertIn(scope, 6, Ops.head(x(1, 2, 2), scope.create(new long[] {1}), false, 1, 0, norm(), projection()));
    }

    @Test
    void embeddings() {
        NDArray ids = scope.create(new long[] {2, 0}, new Shape(1, 2));
        NDArray vectors = Ops.embed(ids, 1, table(weight), true);
        assertArrayEquals(new float[] {5, 6, 1, 2}, vectors.toFloatArray());
        assertIn(scope, 3, vectors);
        NDArray positions = scope.create(new long[] {0, 1}, new Shape(1, 2));
        NDArray zeros = scope.zeros(new Shape(2, 2));
        assertIn(scope, 8, Ops.embed(ids, 1, positions, table(weight), table(zeros), true));
    }

    @Test
    void masksAndRotations() {
        NDArray keep = scope.create(new boolean[] {true, false}, new Shape(1, 2));
        assertIn(scope, 2, Ops.causalMask(keep, 2, 2));
        NDArray positions = scope.create(new long[] {0, 1}, new Shape(1, 2));
        assertIn(scope, 4, Ops.rope(positions, scale, 4, 1));
    }

    @Test
    void loss() {
        int host = arrays(Torch.host());
        NDArray labels = scope.create(new long[] {1});
        Ops.crossEntropy(x(1, 2), labels, scope.create(new float[0]), 1);
        assertEquals(3, arrays(scope), "arguments");
        assertEquals(host, arrays(Torch.host()));
    }

    @Test
    void normAndUpdateLeaveNothing() {
        int host = arrays(Torch.host());
        NDArray gradient = scope.ones(new Shape(3, 2));
        NDArray mean = scope.zeros(new Shape(3, 2));
        NDArray square = scope.zeros(new Shape(3, 2));
        assertEquals(Math.sqrt(6), Ops.globalNorm(new NDList(gradient)), 1e-6);
        double[] settings = {0.5, 0.9, 0.999, 1e-8, 0, 1, 1};
        Ops.adamw(settings, new NDList(weight), new NDList(gradient), new NDList(mean), new NDList(square));
        assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f}, weight.toFloatArray(), 1e-5f);
        assertEquals(3, arrays(scope));
        assertEquals(owned, arrays(parameters));
        assertEquals(host, arrays(Torch.host()));
    }
}
