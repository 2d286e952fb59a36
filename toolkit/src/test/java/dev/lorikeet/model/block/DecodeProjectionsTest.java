package dev.lorikeet.model.block;

import static dev.lorikeet.Distance.relative;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import com.sun.jna.Platform;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodeProjectionsTest {

    private static final int IN = 64;

    /** An INT8 projection with groups of {@link #IN} and a bias, as Qwen2's queries, keys and values have one. */
    private static Projection projection(NDManager scope, String name, int out) {
        NDArray dense = scope.randomNormal(new Shape(out, IN));
        Weight weight = Weight.of(name + ".weight", QuantizedArray.of(dense, Quantization.INT8, scope), scope);
        NDArray bias = DType.BFLOAT16.cast(scope.randomNormal(new Shape(out)).mul(10));
        Parameter parameter = Parameters.frozen(name + ".bias", new Shape(out), bias);
        return new Projection(name, weight, parameter, DType.BFLOAT16, scope, List.of());
    }

    private static float[] product(NDArray x, NDList parts) {
        return DType.FLOAT32.cast(Ops.project(x, parts, false)).toFloatArray();
    }

    @Test
    void projectionsWithBiasesAreMultipliedTogether() {
        assumeTrue(Platform.isIntel() && !Platform.isWindows(), "the engine is slow at it here");
        try (NDManager scope = Torch.manager()) {
            Projection first = projection(scope, "first", 64);
            Projection second = projection(scope, "second", 128);
            ForwardContext pass = ForwardContext.of(scope, false);
            NDArray x = scope.randomNormal(new Shape(1, IN));
            List<NDList> lists =
                    new DecodeProjections(List.of(first, second)).parts(pass, scope.getDevice(), DType.BFLOAT16);
            assertEquals(2, lists.size());
            assertTrue(lists.get(1).isEmpty());
            float[] both = product(x, lists.get(0));
            float[] each = Ops.concatRows(scope, new NDList(columns(x, first, pass), columns(x, second, pass)))
                    .toFloatArray();
            assertEquals(64 + 128, both.length);
            assertEquals(0, relative(each, both), 0.01);
        }
    }

    /** The product with the dequantized weight. */
    private static NDArray columns(NDArray x, Projection projection, ForwardContext pass) {
        NDArray row = Ops.project(x, projection.parts(pass, x.getDevice()), false);
        return DType.FLOAT32.cast(row).transpose();
    }

    @Test
    void weightsArePackedOnceUntilTheyAreForgottenOrTheDtypeChanges() {
        assumeTrue(Platform.isIntel() && !Platform.isWindows(), "the engine is slow at it here");
        try (NDManager scope = Torch.manager()) {
            Projection projection = projection(scope, "one", 64);
            DecodeProjections few = new DecodeProjections(List.of(projection));
            ForwardContext pass = ForwardContext.of(scope, false);
            NDArray packed =
                    few.parts(pass, scope.getDevice(), DType.BFLOAT16).get(0).head();
            assertSame(
                    packed,
                    few.parts(pass, scope.getDevice(), DType.BFLOAT16).get(0).head(),
                    "made once");
            assertSame(packed, few.kept().head());
            few.forget();
            assertTrue(few.kept().isEmpty());
            assertNotSame(
                    packed,
                    few.parts(pass, scope.getDevice(), DType.BFLOAT16).get(0).head(),
                    "made anew");
            few.parts(pass, scope.getDevice(), DType.FLOAT32);
            assertTrue(few.kept().isEmpty(), "float32 multiplies by dequantized weights");
        }
    }
}
