package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Call;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ways of multiplying a few rows give what a plain product gives. */
class GemvTuningTest {

    private static final int IN = 64;

    @AfterAll
    static void asMeasured() {
        GemvTuning.use(GemvTuning.WHOLE);
    }

    @ParameterizedTest
    @CsvSource({"1,32,true", "1,32,false", "1,37,false", "1,5,false", "2,37,true", "16,37,true", "17,37,true"})
    void aRowIsTheSameAloneAndAmongOthers(int rows, int out, boolean whole) {
        try (NDManager scope = Torch.manager()) {
            GemvTuning.use(whole);
            NDArray w = scope.randomNormal(new Shape(out, IN));
            NDArray x = scope.randomNormal(new Shape(rows, IN));
            NDArray y = Call.of("linear").with("x", x).with("w", w).inferred();
            assertEquals(new Shape(rows, out), y.getShape());
            assertArrayEquals(x.dot(w.transpose()).toFloatArray(), y.toFloatArray(), 1e-4f);
        }
    }
}
