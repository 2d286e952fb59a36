package dev.lorikeet.tensor.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Backend.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of a few rows with quantized weights, as decoding has them. */
class PackedWeightsTest {

    private static final int IN = 64;

    private static void assumePacked() {
        assumeTrue(new Backend(Device.cpu()).supports(Operation.PACKED_MATMUL), "this CPU has no packed products");
    }

    private static NDList projection(NDManager scope, NDArray weight, DType dtype, NDList form) {
        return new NDList(weight, Ops.none(scope), dtype.zeros(scope, new Shape(0))).addAll(form);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9})
    void int8IsMultipliedAsTheMatrixThatItStandsFor(int rows) {
        try (NDManager scope = Torch.manager()) {
            NDArray w = scope.randomNormal(new Shape(64, IN));
            NDArray x = scope.randomNormal(new Shape(rows, IN));
            try (QuantizedArray stored = QuantizedArray.of(w, Quantization.INT8, scope)) {
                float[] expected = x.dot(stored.dequantize(scope, DType.FLOAT32).transpose())
                        .toFloatArray();
                for (DType dtype : new DType[] {DType.FLOAT32, DType.BFLOAT16}) {
                    NDArray y = Ops.project(x, projection(scope, stored.qweight(), dtype, stored.formatParts()), false);
                    // Sums of up to 30, of which bfloat16 keeps eight bits.
                    float rounding = dtype == DType.FLOAT32 ? 1e-4f : 0.25f;
                    assertArrayEquals(expected, DType.FLOAT32.cast(y).toFloatArray(), rounding);
                }
            }
        }
    }

    private static QuantizedArray stored(
            NDManager scope, String format, boolean minima, int offset, int out, int group) {
        int columns = 2 * IN;
        Random random = new Random(1);
        Shape shape = new Shape(out, columns);
        if (format.equals("q4_1")) {
            return q4v1(random, shape, scope);
        }
        boolean int8 = format.equals("int8");
        byte[] values = new byte[int8 ? out * columns : out * columns / 2];
        random.nextBytes(values);
        Shape groups = new Shape((long) out * columns / group);
        NDList scales = new NDList(scope.randomUniform(0.01f, 0.02f, groups).toType(DataType.FLOAT16, false));
        if (minima) {
            scales.add(scope.randomUniform(-0.1f, 0.1f, groups).toType(DataType.FLOAT16, false));
        }
        return int8
                ? WeightFormats.AFFINE_INT8.array("int8", shape, values, scales, scope)
                : WeightFormats.AFFINE_INT4.array("int4", shape, values, offset, scales, scope);
    }

    /** Any values, scales of about 0.02 and minima of about -0.15. */
    private static QuantizedArray q4v1(Random random, Shape shape, NDManager scope) {
        byte[] blocks = new byte[(int) WeightFormats.Q4_1.bytes(shape)];
        random.nextBytes(blocks);
        for (int at = 0; at < blocks.length; at += Q4v1.BLOCK_BYTES) {
            // The upper bytes of float16: the exponents of 1/64 and 1/8, and the sign of the latter.
            blocks[at + 17] = (byte) (0x24 | blocks[at + 17] & 3);
            blocks[at + 19] = (byte) (0xB0 | blocks[at + 19] & 3);
        }
        return WeightFormats.Q4_1.array("Q4_1", shape, blocks, scope);
    }

    @ParameterizedTest
    @CsvSource({
        "int4,false,-8,64,32,1",
        "int4,true,0,192,32,1",
        "int4,true,0,64,64,8",
        "q4_1,true,0,192,32,1",
        "int8,false,0,64,32,1",
        "int8,true,0,128,128,3"
    })
    void affineMatricesAreMultipliedPacked(String format, boolean minima, int offset, int out, int group, int rows) {
        try (NDManager scope = Torch.manager();
                QuantizedArray stored = stored(scope, format, minima, offset, out, group)) {
            assumePacked();
            PackedWeights packed = PackedWeights.of(List.of(stored)).orElseThrow();
            NDList parts = packed.parts();
            NDArray x = scope.randomNormal(new Shape(rows, 2L * IN));
            NDList projection = projection(scope, parts.head(), DType.BFLOAT16, parts.subNDList(1));
            NDArray y = DType.FLOAT32.cast(Ops.project(x, projection, false));
            NDArray expected = x.dot(stored.dequantize(scope, DType.FLOAT32).transpose());
            double size = expected.norm().getFloat();
            // Eight bits of the scales, of x and of the sums.
            assertEquals(0, y.sub(expected).norm().getFloat() / size, 0.01);
            packed.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"int4", "int8", "q4_1"})
    void severalAreMultipliedTogether(String format) {
        try (NDManager scope = Torch.manager();
                QuantizedArray first = stored(scope, format, true, 0, 64, 32);
                QuantizedArray second = stored(scope, format, true, 0, 192, 32)) {
            assumePacked();
            NDArray x = scope.randomNormal(new Shape(3, 2L * IN));
            NDArray both = product(scope, x, first, second);
            assertArrayEquals(
                    product(scope, x, first).toFloatArray(), both.get(":, :64").toFloatArray());
            assertArrayEquals(
                    product(scope, x, second).toFloatArray(), both.get(":, 64:").toFloatArray());
        }
    }

    private static NDArray product(NDManager scope, NDArray x, QuantizedArray... matrices) {
        try (PackedWeights packed = PackedWeights.of(List.of(matrices)).orElseThrow()) {
            NDList parts = packed.parts();
            NDList projection = projection(scope, parts.head(), DType.BFLOAT16, parts.subNDList(1));
            return DType.FLOAT32.cast(Ops.project(x, projection, false));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9})
    void rowsOfInt8AreMultipliedAsTheyAreAndNotCopied(int rows) {
        assumePacked();
        try (NDManager scope = Torch.manager();
                QuantizedArray stored =
                        QuantizedArray.of(scope.randomNormal(new Shape(40, 96)), Quantization.INT8, scope)) {
            assertEquals(Optional.empty(), PackedWeights.of(List.of(stored, stored)), "each for itself");
            NDArray x = scope.randomNormal(new Shape(rows, 96));
            NDArray expected = x.dot(stored.dequantize(scope, DType.FLOAT32).transpose());
            double size = expected.norm().getFloat();
            try (PackedWeights packed = PackedWeights.of(List.of(stored)).orElseThrow()) {
                assertSame(stored.qweight(), packed.parts().head());
                assertEquals(1, packed.made().size(), "the scales");
                NDList parts = packed.parts();
                NDArray y = Ops.project(x, projection(scope, parts.head(), DType.BFLOAT16, parts.subNDList(1)), false);
                assertEquals(0, DType.FLOAT32.cast(y).sub(expected).norm().getFloat() / size, 0.01);
            }
            assertEquals(40 * 96, stored.qweight().toByteArray().length, "the matrix keeps its own");
        }
    }

    @Test
    void otherFormatsAndShapesAreNotPacked() {
        try (NDManager scope = Torch.manager();
                QuantizedArray rows = stored(scope, "int4", true, 0, 72, 32);
                QuantizedArray groups = stored(scope, "int8", false, 0, 64, 16);
                QuantizedArray table =
                        QuantizedArray.of(scope.randomNormal(new Shape(64, IN)), Quantization.NF4, scope)) {
            for (QuantizedArray array : List.of(rows, groups, table)) {
                assertEquals(Optional.empty(), PackedWeights.of(List.of(array)), array.name());
            }
        }
    }
}
