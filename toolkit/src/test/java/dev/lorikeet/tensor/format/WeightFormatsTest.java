package dev.lorikeet.tensor.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.engine.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WeightFormatsTest {

    private static final Backend CPU = new Backend(Device.cpu());

    @ParameterizedTest
    @EnumSource(
            value = Quantization.class,
            names = {"NF4", "NF4_DOUBLE", "INT8"})
    void aQuantizedMatrixTakesTheBytesThatItsFormatSays(Quantization how) {
        try (NDManager scope = Torch.manager()) {
            NDArray matrix = scope.randomNormal(new Shape(8, 128));
            QuantizedArray array = QuantizedArray.of(matrix, how, scope);
            assertEquals(how.name(), array.name());
            assertEquals(array.format().bytes(matrix.getShape()), Ops.bytes(new NDList(array.qweight())));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Quantization.class,
            names = {"NF4", "NF4_DOUBLE", "INT8"})
    void rowsOfAQuantizedTableAreThoseOfTheMatrix(Quantization how) {
        try (NDManager scope = Torch.manager()) {
            QuantizedArray table = QuantizedArray.of(scope.randomNormal(new Shape(8, 128)), how, scope);
            NDArray ids = scope.create(new long[] {7, 0, 3, 3}, new Shape(2, 2));
            float[] expected = table.dequantize(scope, DType.FLOAT32).get(ids).toFloatArray();
            assertArrayEquals(expected, Ops.embed(ids, 1, table.parts(), false).toFloatArray());
        }
    }

    private static GroupLayout layout(int bits, int offset, boolean minimum, DataType scales) {
        return new GroupLayout("Q", new Shape(2, 64), 32, bits, offset, minimum, scales);
    }

    /** weight = (value + offset) · scale + minimum, whatever it is stored in. */
    @ParameterizedTest
    @CsvSource({
        "4,0,true,FLOAT16,Q4_1",
        "4,0,true,FLOAT32,AFFINE_INT4",
        "4,-8,false,FLOAT16,AFFINE_INT4",
        "8,0,false,FLOAT16,AFFINE_INT8",
        "8,0,true,FLOAT32,AFFINE_INT8"
    })
    void groupsOfAFileAreStoredInTheFormatThatFits(
            int bits, int offset, boolean minimum, DataType scales, String format) {
        GroupLayout layout = layout(bits, offset, minimum, scales);
        GroupPacker packer = WeightFormats.packer(layout, CPU);
        float[] expected = new float[2 * 64];
        for (int group = 0; group < 4; group++) {
            int[] values = new int[32];
            for (int i = 0; i < values.length; i++) {
                values[i] = bits == 4 ? (7 * i + group) % 16 : 8 * i - 128 + group;
                expected[32 * group + i] = (values[i] + offset) * (0.5f + group) + (minimum ? -group : 0);
            }
            packer.put(group, values, 0.5f + group, -group);
        }
        try (NDManager scope = Torch.manager()) {
            QuantizedArray array = packer.array(scope);
            assertEquals(format, array.format().name());
            assertEquals(32, array.groupSize());
            assertEquals(array.format().bytes(array.shape()), array.qweight().size());
            assertArrayEquals(expected, array.dequantize(scope, DType.FLOAT32).toFloatArray());
        }
    }

    @Test
    void aGpuGetsAFormatThatItCanDequantize() {
        GroupPacker packer = WeightFormats.packer(layout(4, 0, true, DataType.FLOAT16), new Backend(Device.gpu()));
        try (NDManager scope = Torch.manager()) {
            assertSame(WeightFormats.AFFINE_INT4, packer.array(scope).format());
        }
    }

    @Test
    void groupsOfOtherBitsAreRefused() {
        BadArgumentException refused = assertThrows(
                BadArgumentException.class, () -> WeightFormats.packer(layout(3, 0, false, DataType.FLOAT16), CPU));
        assertEquals(true, refused.getMessage().contains("bits=3"), refused.getMessage());
    }
}
