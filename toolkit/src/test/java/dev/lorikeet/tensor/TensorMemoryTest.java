package dev.lorikeet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorMemoryTest {

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void writingToTheBufferWritesToTheArray() {
        NDArray array = manager.zeros(new Shape(2, 3));

        ByteBuffer memory = TensorMemory.bytes(array).get(0);
        memory.asFloatBuffer().put(new float[] {1, 2, 3, 4, 5, 6});

        assertEquals(24, memory.capacity());
        assertArrayEquals(new float[] {4, 5, 6}, array.get(1).toFloatArray());
    }

    @Test
    void aRowOfAnotherArrayIsThatArraysMemory() {
        NDArray whole = manager.zeros(new Shape(3, 2));

        TensorMemory.bytes(whole.get(1)).get(0).asFloatBuffer().put(1, 7);

        assertArrayEquals(new float[] {0, 0, 0, 7, 0, 0}, whole.toFloatArray());
    }

    @Test
    void emptyArraysHaveNoBytesAndScalarsHaveTheirElements() {
        assertEquals(List.of(), TensorMemory.bytes(manager.create(new Shape(0, 4))));
        assertEquals(8, TensorMemory.bytes(manager.create(5L)).get(0).capacity());
    }

    @Test
    void leavesNothingBehindInTheArraysManager() {
        NDArray array = manager.zeros(new Shape(4));

        TensorMemory.bytes(array);

        assertEquals(1, manager.getManagedArrays().size());
    }

    @Test
    void refusesAnArrayWhoseElementsDoNotStandInOrder() {
        NDArray matrix = manager.arange(6f).reshape(2, 3);

        assertThrows(BadArgumentException.class, () -> TensorMemory.bytes(matrix.transpose()));
        assertThrows(BadArgumentException.class, () -> TensorMemory.bytes(matrix.get(":, 1:")));
    }

    @Test
    void copiesAnArrayOnlyIfItsElementsDoNotStandInOrder() {
        NDArray matrix = manager.arange(6f).reshape(2, 3);

        assertSame(matrix, TensorMemory.inOrder(matrix, manager));
        NDArray copy = TensorMemory.inOrder(matrix.transpose(), manager);

        FloatBuffer memory = TensorMemory.bytes(copy).get(0).asFloatBuffer();
        assertEquals(FloatBuffer.wrap(new float[] {0, 3, 1, 4, 2, 5}), memory);
        assertEquals(new Shape(3, 2), copy.getShape());
    }

    /** Pages that are not written to are never committed, so this takes neither the memory nor the time. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 1000})
    void reachesTheEndOfAnArrayOfThreeGibibytes(long rows) {
        long columns = 3 * TensorMemory.PIECE / rows + 5;
        NDArray array = manager.create(new Shape(rows, columns), DataType.INT8);

        List<ByteBuffer> pieces = TensorMemory.bytes(array);
        ByteBuffer first = pieces.get(0);
        ByteBuffer last = pieces.get(pieces.size() - 1);
        first.put(0, (byte) 11);
        last.put(0, (byte) 22);
        last.put(last.capacity() - 1, (byte) 33);

        assertEquals(
                rows * columns, pieces.stream().mapToLong(ByteBuffer::capacity).sum());
        long lastStart = rows * columns - last.capacity();
        assertEquals(11, at(array, 0, 0));
        assertEquals(22, at(array, lastStart / columns, lastStart % columns));
        assertEquals(33, at(array, rows - 1, columns - 1));
    }

    /** The engine cuts a single index to 32 bits, but not the ends of a range. */
    private static byte at(NDArray array, long row, long column) {
        NDIndex index = new NDIndex("{}:{}, {}:{}", row, row + 1, column, column + 1);
        return array.get(index).toByteArray()[0];
    }
}
