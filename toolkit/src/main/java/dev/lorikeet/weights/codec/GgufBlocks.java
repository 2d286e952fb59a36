package dev.lorikeet.weights.codec;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.QuantizedArray;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Rearranges the blocks of a GGUF matrix as a {@link QuantizedArray}: quantized values apart from scales. */
public final class GgufBlocks {

    private final TensorType type;
    private final BlockLayout layout;
    private final Shape shape;
    private final byte[] stored;
    private final int rows;
    private final int rowGroups;
    private final boolean inRecords;
    private final byte[] qweight;
    private final float[] scales;
    private final float[] minima;

    private GgufBlocks(TensorType type, BlockLayout layout, Shape shape, byte[] stored, boolean gpu) {
        this.type = type;
        this.layout = layout;
        this.shape = shape;
        this.stored = stored;
        this.rows = Math.toIntExact(shape.get(0));
        this.rowGroups = Math.toIntExact(shape.get(1)) / layout.groupSize();
        this.inRecords = layout.bits() == 4 && layout.halfScales() && layout.hasMinimum() && !gpu;
        int groups = rows * rowGroups;
        this.qweight = new byte[Math.toIntExact(qweightBytes(groups))];
        this.scales = new float[inRecords ? 0 : groups];
        this.minima = new float[layout.hasMinimum() ? scales.length : 0];
    }

    private long qweightBytes(long groups) {
        if (inRecords) {
            return groups * QuantizedArray.RECORD;
        }
        return layout.bits() == 4 ? shape.size() / 2 : shape.size();
    }

    /** Whether such a tensor can stay quantized in memory: a matrix of a quantized type, of less than 2³¹ weights. */
    public static boolean canStayQuantized(TensorType type, Shape shape) {
        return shape.dimension() == 2
                && shape.size() <= Integer.MAX_VALUE
                && type.layout().isPresent();
    }

    /**
     * Makes a quantized array of stored blocks.
     *
     * @param sourceRow gives for each row of the result the row of the file that it is
     * @param manager owns the result, on its device
     */
    public static QuantizedArray arrange(
            TensorType type, Shape shape, byte[] stored, IntUnaryOperator sourceRow, NDManager manager) {
        BlockLayout layout = type.layout().orElseThrow();
        GgufBlocks blocks =
                new GgufBlocks(type, layout, shape, stored, manager.getDevice().isGpu());
        IntStream.range(0, blocks.rows).parallel().forEach(row -> blocks.putRow(row, sourceRow.applyAsInt(row)));
        return blocks.array(manager);
    }

    private void putRow(int row, int source) {
        BlockLayout.QuantGroup group = new BlockLayout.QuantGroup();
        int blockGroups = type.blockWeights() / layout.groupSize();
        for (int i = 0; i < rowGroups; i++) {
            int from = (source * rowGroups + i) / blockGroups * type.blockBytes();
            layout.unpacker().unpack(stored, from, i % blockGroups, group);
            int index = row * rowGroups + i;
            if (inRecords) {
                putRecord(index * QuantizedArray.RECORD, group);
            } else {
                scales[index] = group.scale;
                if (layout.hasMinimum()) {
                    minima[index] = group.minimum;
                }
                putValues(index * layout.groupSize(), group);
            }
        }
    }

    private void putRecord(int at, BlockLayout.QuantGroup group) {
        int half = QuantizedArray.RECORD_NUMBERS / 2;
        for (int i = 0; i < half; i++) {
            qweight[at + i] = (byte) (group.values[2 * i] | group.values[2 * i + 1] << 4);
        }
        Encoders.put(qweight, at + half, Encoders.floatBitsToHalf(Float.floatToRawIntBits(group.scale)));
        Encoders.put(qweight, at + half + 2, Encoders.floatBitsToHalf(Float.floatToRawIntBits(group.minimum)));
    }

    private void putValues(int first, BlockLayout.QuantGroup group) {
        for (int i = 0; i < layout.groupSize(); i++) {
            int at = first + i;
            if (layout.bits() == 8) {
                qweight[at] = (byte) group.values[i];
            } else {
                // The values of a row's first half are the high nibbles of its bytes.
                int half = Math.toIntExact(shape.get(1)) / 2;
                int row = at / (2 * half);
                int column = at % (2 * half);
                qweight[row * half + column % half] |= (byte) (column < half ? group.values[i] << 4 : group.values[i]);
            }
        }
    }

    private QuantizedArray array(NDManager manager) {
        if (inRecords) {
            return QuantizedArray.records(type.name(), shape, qweight, manager);
        }
        NDArray scale = floats(scales, manager);
        NDArray minimum = layout.hasMinimum() ? floats(minima, manager) : null;
        return layout.bits() == 4
                ? QuantizedArray.nibbles(type.name(), shape, qweight, -layout.zeroPoint(), manager, scale, minimum)
                : QuantizedArray.bytes(type.name(), shape, qweight, manager, scale, minimum);
    }

    /** In float16 where the file has them so, else in float32, so that nothing is lost. */
    private NDArray floats(float[] values, NDManager manager) {
        NDArray array = manager.create(values);
        if (!layout.halfScales()) {
            return array;
        }
        try (array) {
            return array.toType(DataType.FLOAT16, true);
        }
    }
}
