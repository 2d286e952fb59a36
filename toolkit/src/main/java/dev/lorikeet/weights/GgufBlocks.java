package dev.lorikeet.weights;

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

/** Stores the blocks of a GGUF type in one of the {@link WeightFormats}. */
final class GgufBlocks {

    private final StoredType type;
    private final GgufGroups groups;
    private final byte[] stored;
    private final int rowGroups;
    private final int blockGroups;
    private final GroupPacker packer;

    private GgufBlocks(StoredType type, GgufGroups groups, Shape shape, byte[] stored, GroupPacker packer) {
        this.type = type;
        this.groups = groups;
        this.stored = stored;
        this.rowGroups = Math.toIntExact(shape.get(1)) / groups.length();
        this.blockGroups = type.blockWeights / groups.length();
        this.packer = packer;
    }

    static boolean keep(StoredType type, Shape shape) {
        return shape.dimension() == 2 && GgufGroups.of(type).isPresent();
    }

    /**
     * @param sourceRow gives for each row of the result the row of the file that it is
     */
    static QuantizedArray arrange(
            StoredType type, Shape shape, byte[] stored, IntUnaryOperator sourceRow, NDManager manager) {
        GgufGroups groups = GgufGroups.of(type).orElseThrow();
        GroupLayout layout = new GroupLayout(
                type.name(),
                shape,
                groups.length(),
                groups.nibbles() ? 4 : 8,
                groups.firstCode(),
                groups.hasMinimum(),
                groups.halves() ? DataType.FLOAT16 : DataType.FLOAT32);
        GroupPacker packer = WeightFormats.packer(layout, new Backend(manager.getDevice()));
        GgufBlocks blocks = new GgufBlocks(type, groups, shape, stored, packer);
        IntStream.range(0, Math.toIntExact(shape.get(0)))
                .parallel()
                .forEach(row -> blocks.row(row, sourceRow.applyAsInt(row)));
        return packer.array(manager);
    }

    private void row(int row, int source) {
        GgufGroups.Group group = new GgufGroups.Group();
        for (int i = 0; i < rowGroups; i++) {
            int from = (source * (rowGroups / blockGroups) + i / blockGroups) * type.blockBytes;
            groups.taker().take(stored, from, i % blockGroups, group);
            packer.put(row * rowGroups + i, group.codes, group.scale, group.minimum);
        }
    }
}
