package dev.lorikeet.tensor.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.tensor.Torch;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTest {

    private final NDManager scope = Torch.manager();

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void argumentsAreGivenByNameInAnyOrder() {
        NDArray w = scope.ones(new Shape(2, 2));
        NDArray a = scope.create(new float[] {1, 2}, new Shape(1, 2));
        NDArray b = scope.create(new float[] {3}, new Shape(1, 1));
        Call.of("add_product")
                .with("first_row", 1)
                .with("scale", 0.5)
                .with("b", b)
                .with("a", a)
                .with("w", w)
                .run();
        assertArrayEquals(new float[] {1, 1, 2.5f, 4}, w.toFloatArray());
    }

    @Test
    void wrongNamesAndMissingArgumentsAreNamed() {
        UnknownNameException function = assertThrows(UnknownNameException.class, () -> Call.of("transposed"));
        assertTrue(function.getMessage().contains("Did you mean \"transpose\"?"), function.getMessage());
        IllegalArgumentException parameter = assertThrows(
                IllegalArgumentException.class, () -> Call.of("cast").with("dtyp", 6));
        assertEquals("cast(x, dtype) has no parameter \"dtyp\"", parameter.getMessage());
        Call call = Call.of("cast").with("x", scope.create(1f));
        assertEquals(
                "cast(x, dtype): \"dtype\" is missing",
                assertThrows(IllegalArgumentException.class, call::recorded).getMessage());
        Call empty = Call.of("concat_rows").with("arrays", new NDList());
        assertTrue(assertThrows(IllegalArgumentException.class, empty::recorded)
                .getMessage()
                .contains("\"arrays\" is an empty list"));
    }

    @Test
    void theResultBelongsToTheFirstTensorsManagerOrTheOwner() {
        NDArray x = scope.ones(new Shape(2, 3));
        try (NDManager other = Torch.manager()) {
            assertSame(scope, Call.of("transpose").with("x", x).recorded().getManager());
            assertSame(scope, Call.of("transpose").with("x", x).inferred().getManager());
            assertSame(
                    other,
                    Call.of("transpose").with("x", x).owner(other).recorded().getManager());
            assertSame(
                    other,
                    Call.of("transpose").with("x", x).owner(other).inferred().getManager());
        }
    }

    @Test
    void nothingIsLeftOfSmallArguments() {
        int before = Torch.host().getManagedArrays().size();
        NDArray x = scope.ones(new Shape(2, 3));
        Call.of("cast").with("x", x).with("dtype", ScalarType.FLOAT64.code()).recorded();
        Call.of("cast").with("x", x).with("dtype", ScalarType.FLOAT64.code()).inferred();
        assertEquals(before, Torch.host().getManagedArrays().size());
        assertEquals(3, scope.getManagedArrays().size());
    }

    @Test
    void scalarTypesAreTheEngines() {
        Map<ScalarType, DataType> known = Map.of(
                ScalarType.UINT8, DataType.UINT8,
                ScalarType.INT8, DataType.INT8,
                ScalarType.INT32, DataType.INT32,
                ScalarType.INT64, DataType.INT64,
                ScalarType.FLOAT16, DataType.FLOAT16,
                ScalarType.FLOAT32, DataType.FLOAT32,
                ScalarType.FLOAT64, DataType.FLOAT64,
                ScalarType.BOOL, DataType.BOOLEAN);
        known.forEach((type, djl) -> {
            NDArray array = scope.zeros(new Shape(1), djl);
            assertEquals(type.code(), Call.of("scalar_type").with("x", array).inferredLong(), type.toString());
            assertEquals(type.bytes(), djl.getNumOfBytes(), type.toString());
        });
    }
}
