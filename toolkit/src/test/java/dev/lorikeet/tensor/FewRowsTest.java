package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of few rows, as decoding has them, take other ways than those of many. */
class FewRowsTest {

    private static final int IN = 64;

    private static NDList projection(NDManager scope, NDArray weight, Precision precision, NDList form) {
        return new NDList(weight, Ops.none(scope), scope.create(precision.code())).addAll(form);
    }

    @ParameterizedTest
    @CsvSource({"1,32", "1,37", "1,5", "2,37", "16,37", "17,37"})
    void aRowIsTheSameAloneAndAmongOthers(int rows, int out) {
        try (NDManager scope = Torch.manager()) {
            NDArray w = scope.randomNormal(new Shape(out, IN));
            NDArray x = scope.randomNormal(new Shape(rows, IN));
            NDArray y = Ops.project(
                    x, projection(scope, w, Precision.FLOAT32, new NDList(QuantizedArray.plain(scope))), false);
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
                float[] expected = x.dot(codes.widened(scope, Precision.FLOAT32).transpose())
                        .toFloatArray();
                for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.BFLOAT16}) {
                    NDArray y = Ops.project(x, projection(scope, codes.codes(), precision, codes.rest()), false);
                    // Sums of up to 30, of which bfloat16 keeps eight bits.
                    float rounding = precision == Precision.FLOAT32 ? 1e-4f : 0.25f;
                    assertArrayEquals(expected, Precision.FLOAT32.cast(y).toFloatArray(), rounding);
                }
            }
        }
    }
}
