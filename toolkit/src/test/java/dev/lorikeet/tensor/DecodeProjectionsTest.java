package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Platform;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of few rows, as decoding has them, take other ways than those of many. */
class DecodeProjectionsTest {

    private static final int IN = 64;

    @AfterAll
    static void asMeasured() {
        RowProduct.take(RowProduct.AT_ONCE);
    }

    private static NDList projection(NDManager scope, NDArray weight, DType precision, NDList form) {
        return new NDList(weight, Ops.none(scope), precision.zeros(scope, new Shape(0))).addAll(form);
    }

    @ParameterizedTest
    @CsvSource({"1,32,true", "1,32,false", "1,37,false", "1,5,false", "2,37,true", "16,37,true", "17,37,true"})
    void aRowIsTheSameAloneAndAmongOthers(int rows, int out, boolean atOnce) {
        try (NDManager scope = Torch.manager()) {
            RowProduct.take(atOnce);
            NDArray w = scope.randomNormal(new Shape(out, IN));
            NDArray x = scope.randomNormal(new Shape(rows, IN));
            NDArray y =
                    Ops.project(x, projection(scope, w, DType.FLOAT32, new NDList(QuantizedArray.plain(scope))), false);
            assertEquals(new Shape(rows, out), y.getShape());
            assertArrayEquals(x.dot(w.transpose()).toFloatArray(), y.toFloatArray(), 1e-4f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9})
    void bytesAreMultipliedAsTheNumbersThatTheyStandFor(int rows) {
        try (NDManager scope = Torch.manager()) {
            NDArray w = scope.randomNormal(new Shape(64, IN));
            NDArray x = scope.randomNormal(new Shape(rows, IN));
            try (QuantizedArray codes = QuantizedArray.of(w, Quantization.INT8, scope)) {
                float[] expected =
                        x.dot(codes.widened(scope, DType.FLOAT32).transpose()).toFloatArray();
                for (DType precision : new DType[] {DType.FLOAT32, DType.BFLOAT16}) {
                    NDArray y = Ops.project(x, projection(scope, codes.codes(), precision, codes.rest()), false);
                    // Sums of up to 30, of which bfloat16 keeps eight bits.
                    float rounding = precision == DType.FLOAT32 ? 1e-4f : 0.25f;
                    assertArrayEquals(expected, DType.FLOAT32.cast(y).toFloatArray(), rounding);
                }
            }
        }
    }

    private static QuantizedArray stored(NDManager scope, String form, boolean minima, int least, int out, int block) {
        int columns = 2 * IN;
        boolean bytes = form.equals("bytes");
        Random random = new Random(1);
        Shape shape = new Shape(out, columns);
        byte[] codes = new byte[bytes ? out * columns : out * columns / 2];
        random.nextBytes(codes);
        Shape blocks = new Shape((long) out * columns / block);
        NDArray scales = scope.randomUniform(0.01f, 0.02f, blocks).toType(DataType.FLOAT16, false);
        NDArray least32 = minima ? scope.randomUniform(-0.1f, 0.1f, blocks).toType(DataType.FLOAT16, false) : null;
        if (form.equals("records")) {
            return records(random, shape, scope);
        }
        return bytes
                ? QuantizedArray.bytes("bytes", shape, codes, scope, scales, least32)
                : QuantizedArray.nibbles("nibbles", shape, codes, least, scope, scales, least32);
    }

    /** Of any codes, scales of about 0.02 and minima of about -0.15. */
    private static QuantizedArray records(Random random, Shape shape, NDManager scope) {
        byte[] records = new byte[(int) shape.size() / QuantizedArray.RECORD_NUMBERS * QuantizedArray.RECORD];
        random.nextBytes(records);
        for (int at = 0; at < records.length; at += QuantizedArray.RECORD) {
            // The upper bytes of float16: the exponents of 1/64 and 1/8, and the sign of the latter.
            records[at + 17] = (byte) (0x24 | records[at + 17] & 3);
            records[at + 19] = (byte) (0xB0 | records[at + 19] & 3);
        }
        return QuantizedArray.records("records", shape, records, scope);
    }

    @ParameterizedTest
    @CsvSource({
        "nibbles,false,-8,64,32,1",
        "nibbles,true,0,192,32,1",
        "nibbles,true,0,64,64,8",
        "records,true,0,192,32,1",
        "bytes,false,0,64,32,1",
        "bytes,true,0,128,128,3"
    })
    void stepsOfAScaleAreMultipliedAsTheyAre(String form, boolean minima, int least, int out, int block, int rows) {
        try (NDManager scope = Torch.manager();
                QuantizedArray stored = stored(scope, form, minima, least, out, block)) {
            assumeTrue(Platform.isIntel() && !Platform.isWindows(), "the engine is slow at it here");
            PackedCodes packed = PackedCodes.of(List.of(stored)).orElseThrow();
            NDList parts = packed.parts();
            NDArray x = scope.randomNormal(new Shape(rows, 2L * IN));
            NDList projection = projection(scope, parts.head(), DType.BFLOAT16, parts.subNDList(1));
            NDArray y = DType.FLOAT32.cast(Ops.project(x, projection, false));
            NDArray expected = x.dot(stored.widened(scope, DType.FLOAT32).transpose());
            double size = expected.norm().getFloat();
            // Eight bits of the scales, of x and of the sums.
            assertEquals(0, y.sub(expected).norm().getFloat() / size, 0.01);
            packed.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nibbles", "bytes", "records"})
    void severalAreMultipliedTogether(String form) {
        try (NDManager scope = Torch.manager();
                QuantizedArray first = stored(scope, form, true, 0, 64, 32);
                QuantizedArray second = stored(scope, form, true, 0, 192, 32)) {
            assumeTrue(Platform.isIntel() && !Platform.isWindows(), "the engine is slow at it here");
            NDArray x = scope.randomNormal(new Shape(3, 2L * IN));
            NDArray both = product(scope, x, first, second);
            assertArrayEquals(
                    product(scope, x, first).toFloatArray(), both.get(":, :64").toFloatArray());
            assertArrayEquals(
                    product(scope, x, second).toFloatArray(), both.get(":, 64:").toFloatArray());
        }
    }

    private static NDArray product(NDManager scope, NDArray x, QuantizedArray... matrices) {
        try (PackedCodes packed = PackedCodes.of(List.of(matrices)).orElseThrow()) {
            NDList parts = packed.parts();
            NDList projection = projection(scope, parts.head(), DType.BFLOAT16, parts.subNDList(1));
            return DType.FLOAT32.cast(Ops.project(x, projection, false));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9})
    void rowsOfBytesAreMultipliedAsTheyAreAndNotCopied(int rows) {
        assumeTrue(Platform.isIntel() && !Platform.isWindows(), "the engine is slow at it here");
        try (NDManager scope = Torch.manager();
                QuantizedArray stored =
                        QuantizedArray.of(scope.randomNormal(new Shape(40, 96)), Quantization.INT8, scope)) {
            assertEquals(Optional.empty(), PackedCodes.of(List.of(stored, stored)), "each for itself");
            NDArray x = scope.randomNormal(new Shape(rows, 96));
            NDArray expected = x.dot(stored.widened(scope, DType.FLOAT32).transpose());
            double size = expected.norm().getFloat();
            try (PackedCodes packed = PackedCodes.of(List.of(stored)).orElseThrow()) {
                assertSame(stored.codes(), packed.parts().head());
                assertEquals(1, packed.made().size(), "the scales");
                NDList parts = packed.parts();
                NDArray y = Ops.project(x, projection(scope, parts.head(), DType.BFLOAT16, parts.subNDList(1)), false);
                assertEquals(0, DType.FLOAT32.cast(y).sub(expected).norm().getFloat() / size, 0.01);
            }
            assertEquals(40 * 96, stored.codes().toByteArray().length, "the matrix keeps its own");
        }
    }

    @Test
    void otherFormsAndShapesKeepTheirWay() {
        try (NDManager scope = Torch.manager();
                QuantizedArray rows = stored(scope, "nibbles", true, 0, 72, 32);
                QuantizedArray blocks = stored(scope, "bytes", false, 0, 64, 16);
                QuantizedArray table =
                        QuantizedArray.of(scope.randomNormal(new Shape(64, IN)), Quantization.NF4, scope)) {
            for (QuantizedArray array : List.of(rows, blocks, table)) {
                assertEquals(Optional.empty(), PackedCodes.of(List.of(array)), array.name());
            }
        }
    }
}
