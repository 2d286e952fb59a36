package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.QuantizedArray;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Brings the blocks of Q4_0, Q4_1 and Q8_0 into the order of a {@link QuantizedArray}: codes apart from constants. */
final class GgufBlocks {

    private static final int BLOCK = 32;
    private static final int HALF = BLOCK / 2;

    private final StoredType type;
    private final Shape shape;
    private final byte[] stored;
    private final int rows;
    private final int rowBlocks;
    private final int codeBytes;
    private final byte[] codes;
    private final float[] scales;
    private final float[] minima;

    private GgufBlocks(StoredType type, Shape shape, byte[] stored) {
        this.type = type;
        this.shape = shape;
        this.stored = stored;
        this.rows = Math.toIntExact(shape.get(0));
        this.rowBlocks = Math.toIntExact(shape.get(1)) / BLOCK;
        this.codeBytes = type == StoredType.Q8_0 ? BLOCK : HALF;
        this.codes = new byte[rows * rowBlocks * codeBytes];
        this.scales = new float[rows * rowBlocks];
        this.minima = new float[type == StoredType.Q4_1 ? scales.length : 0];
    }

    static boolean keep(StoredType type, Shape shape) {
        return shape.dimension() == 2
                && (type == StoredType.Q4_0 || type == StoredType.Q4_1 || type == StoredType.Q8_0);
    }

    /**
     * @param sourceRow gives for each row of the result the row of the file that it is
     */
    static QuantizedArray arrange(
            StoredType type, Shape shape, byte[] stored, IntUnaryOperator sourceRow, NDManager manager) {
        GgufBlocks blocks = new GgufBlocks(type, shape, stored);
        IntStream.range(0, blocks.rows).parallel().forEach(row -> blocks.row(row, sourceRow.applyAsInt(row)));
        return blocks.array(manager);
    }

    private void row(int row, int source) {
        for (int i = 0; i < rowBlocks; i++) {
            int block = row * rowBlocks + i;
            int from = (source * rowBlocks + i) * type.blockBytes;
            scales[block] = Decoders.half(stored, from);
            if (type == StoredType.Q4_1) {
                minima[block] = Decoders.half(stored, from + 2);
            }
            int first = from + type.blockBytes - codeBytes;
            if (type == StoredType.Q8_0) {
                System.arraycopy(stored, first, codes, block * codeBytes, codeBytes);
            } else {
                nibbles(first, block * codeBytes);
            }
        }
    }

    /** A byte of the file holds the codes of two numbers that are half a block apart; here they are neighbours. */
    private void nibbles(int from, int to) {
        for (int i = 0; i < HALF; i++) {
            int first = code(from, 2 * i);
            int second = code(from, 2 * i + 1);
            codes[to + i] = (byte) (first << 4 | second);
        }
    }

    private int code(int from, int number) {
        return number < HALF ? stored[from + number] & 15 : stored[from + number - HALF] >> 4 & 15;
    }

    private QuantizedArray array(NDManager manager) {
        NDArray scale = halves(scales, manager);
        return switch (type) {
            case Q8_0 -> QuantizedArray.bytes(type.name(), shape, codes, manager, scale);
            case Q4_0 -> QuantizedArray.nibbles(type.name(), shape, codes, values(-8), manager, scale);
            case Q4_1 ->
                QuantizedArray.nibbles(type.name(), shape, codes, values(0), manager, scale, halves(minima, manager));
            default -> throw new AssertionError(type);
        };
    }

    /** They come from float16, so nothing is lost. */
    private static NDArray halves(float[] numbers, NDManager manager) {
        try (NDArray wide = manager.create(numbers)) {
            return wide.toType(DataType.FLOAT16, true);
        }
    }

    private static float[] values(int first) {
        float[] values = new float[16];
        for (int i = 0; i < values.length; i++) {
            values[i] = first + i;
        }
        return values;
    }
}
