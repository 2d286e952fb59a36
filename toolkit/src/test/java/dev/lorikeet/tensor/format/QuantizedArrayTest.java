package dev.lorikeet.tensor.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.TensorFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantized values, absmax and dequantized values against those of bitsandbytes, to the bit. */
class QuantizedArrayTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nf4IsThatOfBitsandbytes(boolean twice) {
        JsonObject reference = TestData.json(TestData.fixture("nf4/double-quant-" + twice + ".json"));
        try (TensorFile file = TensorFile.open(TestData.fixture("nf4/double-quant-" + twice + ".safetensors"));
                NDManager scope = Torch.manager()) {
            NDArray weight = file.read("weight", scope);
            QuantizedArray array = QuantizedArray.of(weight, twice ? Quantization.NF4_DOUBLE : Quantization.NF4, scope);
            assertArrayEquals(bytes(reference.getAsJsonArray("packed")), unsigned(array.qweight()));
            if (twice) {
                float[] padded = new float[512];
                assertArrayEquals(
                        bytes(reference.getAsJsonArray("absmax_uint8")),
                        java.util.Arrays.copyOf(unsigned(array.auxiliary().get(1)), 384));
                assertArrayEquals(
                        floats(reference.getAsJsonArray("nested_code")),
                        array.auxiliary().get(2).toFloatArray());
                assertArrayEquals(
                        floats(reference.getAsJsonArray("nested_absmax")),
                        array.auxiliary().get(3).toFloatArray());
                assertEquals(
                        reference.get("offset").getAsFloat(),
                        array.auxiliary().get(4).getFloat());
                assertEquals(padded.length, array.auxiliary().get(1).size(), "filled up to whole blocks");
            } else {
                assertArrayEquals(
                        floats(reference.getAsJsonArray("absmax")),
                        array.auxiliary().get(1).toFloatArray());
            }
            NDArray expected = file.read("dequantised", scope);
            NDArray dense = array.dequantize(scope, DType.FLOAT32);
            assertEquals(expected.getShape(), dense.getShape());
            assertArrayEquals(expected.toFloatArray(), dense.toFloatArray());
        }
    }

    @Test
    void int8RoundsToTheNearest127thOfTheRowsLargest() {
        try (NDManager scope = Torch.manager()) {
            float[] weights = {1, -2, 0.5f, 254, 127, -1, 0, 0, 0};
            NDArray matrix = scope.create(weights, new Shape(3, 3));
            QuantizedArray array = QuantizedArray.of(matrix, Quantization.INT8, scope);
            float first = 2f / 127;
            float[] expected = {64 * first, -2, 32 * first, 254, 128, -2, 0, 0, 0};
            float[] found = array.dequantize(scope, DType.FLOAT32).toFloatArray();
            // 127 and -1 lie half-way between two values of their row.
            assertArrayEquals(expected, found, 2.001f);
            assertArrayEquals(
                    new float[] {expected[0], expected[1], expected[2]}, java.util.Arrays.copyOf(found, 3), 1e-6f);
        }
    }

    @Test
    void aMatrixThatDoesNotFitIsRefusedByItsShape() {
        try (NDManager scope = Torch.manager()) {
            NDArray matrix = scope.ones(new Shape(2, 65));
            BadArgumentException refused =
                    assertThrows(BadArgumentException.class, () -> QuantizedArray.of(matrix, Quantization.NF4, scope));
            assertTrue(refused.getMessage().contains("(2, 65)"), refused.getMessage());
        }
    }

    private static int[] bytes(JsonArray array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsInt();
        }
        return values;
    }

    private static float[] floats(JsonArray array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsFloat();
        }
        return values;
    }

    private static int[] unsigned(NDArray array) {
        byte[] stored = array.toByteArray();
        int[] values = new int[stored.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = stored[i] & 255;
        }
        return values;
    }
}
