package dev.lorikeet.model.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufTensorsTest {

    /** Reading is the inverse of writing, for heads of any width. */
    @ParameterizedTest
    @CsvSource({"8, 2", "8, 4", "24, 2"})
    void rowsArePairedForInterleavedPositions(int rows, int heads) {
        TensorSpec query = tensor(Part.QUERY, new Shape(rows, 5), heads, 0);
        try (NDManager manager = Torch.manager()) {
            NDArray weight = manager.arange(rows * 5f).reshape(rows, 5);
            NDArray paired = GgufTensors.toFile(weight.duplicate(), query);
            assertArrayEquals(
                    weight.get(rows / heads / 2).toFloatArray(), paired.get(1).toFloatArray());
            assertEquals(
                    rows / heads / 2,
                    GgufTensors.fromFile(paired.duplicate(), query)
                                    .get(rows / heads / 2)
                                    .getFloat(0)
                            / 5);
            assertEquals(1, GgufTensors.interleavedRow(rows / heads / 2, rows / heads));
            assertEquals(weight, GgufTensors.fromFile(paired, query));
            NDArray other = weight.duplicate();
            assertEquals(weight, GgufTensors.toFile(other, tensor(Part.VALUE, new Shape(rows, 5), 0, 0)));
        }
    }

    @Test
    void oneIsAddedToNorms() {
        TensorSpec norm = tensor(Part.FINAL_NORM, new Shape(2), 0, 1);
        try (NDManager manager = Torch.manager()) {
            NDArray stored = GgufTensors.toFile(manager.create(new float[] {0.5f, -0.25f}), norm);
            assertArrayEquals(new float[] {1.5f, 0.75f}, stored.toFloatArray());
            assertArrayEquals(
                    new float[] {0.5f, -0.25f},
                    GgufTensors.fromFile(stored, norm).toFloatArray());
        }
    }

    private static TensorSpec tensor(Part part, Shape shape, int heads, float shift) {
        return new TensorSpec(part, "part.weight", "part.weight", shape, false, heads, shift);
    }
}
