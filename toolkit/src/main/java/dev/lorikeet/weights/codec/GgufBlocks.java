package dev.lorikeet.weights.codec;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.format.GroupLayout;
import dev.lorikeet.tensor.format.GroupPacker;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.tensor.format.WeightFormats;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Stores the blocks of a GGUF matrix in one of the {@link WeightFormats}. */
public final class GgufBlocks {

    /** Rows that a thread takes at a time. */
    private static final int CHUNK = 64;

    private final TensorType type;
    private final BlockLayout layout;
    private final byte[] stored;
    private final int rowGroups;
    private final GroupPacker packer;

    private GgufBlocks(TensorType type, BlockLayout layout, Shape shape, byte[] stored, GroupPacker packer) {
        this.type = type;
        this.layout = layout;
        this.stored = stored;
        this.rowGroups = Math.toIntExact(shape.get(1)) / layout.groupSize();
        this.packer = packer;
    }

    /** Whether such a tensor can stay quantized in memory: a matrix of a quantized type, of less than 2³¹ weights. */
    public static boolean canStayQuantized(TensorType type, Shape shape) {
        return shape.dimension() == 2
                && shape.size() > 0
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
        GroupLayout groups = new GroupLayout(
                type.name(),
                shape,
                layout.groupSize(),
                layout.bits(),
                -layout.zeroPoint(),
                layout.hasMinimum(),
                layout.halfScales() ? DataType.FLOAT16 : DataType.FLOAT32);
        GroupPacker packer = WeightFormats.packer(groups, new Backend(manager.getDevice()));
        GgufBlocks blocks = new GgufBlocks(type, layout, shape, stored, packer);
        int rows = Math.toIntExact(shape.get(0));
        IntStream.range(0, (rows + CHUNK - 1) / CHUNK)
                .parallel()
                .forEach(chunk -> blocks.putRows(chunk * CHUNK, Math.min(rows, (chunk + 1) * CHUNK), sourceRow));
        return packer.array(manager);
    }

    private void putRows(int begin, int end, IntUnaryOperator sourceRow) {
        BlockLayout.QuantGroup group = new BlockLayout.QuantGroup();
        for (int row = begin; row < end; row++) {
            putRow(row, sourceRow.applyAsInt(row), group);
        }
    }

    private void putRow(int row, int source, BlockLayout.QuantGroup group) {
        int blockGroups = type.blockWeights() / layout.groupSize();
        for (int i = 0; i < rowGroups; i++) {
            int from = (source * rowGroups + i) / blockGroups * type.blockBytes();
            layout.unpacker().unpack(stored, from, i % blockGroups, group);
            packer.put(row * rowGroups + i, group.values, group.scale, group.minimum);
        }
    }
}
