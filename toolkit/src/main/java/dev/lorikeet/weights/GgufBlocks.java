package dev.lorikeet.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.QuantizedArray;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Brings the blocks of a GGUF type into the order of a {@link QuantizedArray}: codes apart from constants. */
final class GgufBlocks {

    private final StoredType type;
    private final GgufGroups groups;
    private final Shape shape;
    private final byte[] stored;
    private final int rows;
    private final int rowBlocks;
    private final int blockGroups;
    private final byte[] codes;
    private final float[] scales;
    private final float[] minima;
    private final boolean ofRecords;

    private GgufBlocks(StoredType type, GgufGroups groups, Shape shape, byte[] stored, Device device) {
        this.type = type;
        this.groups = groups;
        this.shape = shape;
        this.stored = stored;
        this.rows = Math.toIntExact(shape.get(0));
        this.rowBlocks = Math.toIntExact(shape.get(1)) / type.blockWeights;
        this.blockGroups = type.blockWeights / groups.length();
        this.ofRecords = groups.nibbles() && groups.halves() && groups.hasMinimum() && !device.isGpu();
        int all = rows * rowBlocks * blockGroups;
        this.codes = new byte
                [Math.toIntExact(
                        ofRecords
                                ? (long) all * QuantizedArray.RECORD
                                : groups.nibbles() ? shape.size() / 2 : shape.size())];
        this.scales = new float[ofRecords ? 0 : all];
        this.minima = new float[groups.hasMinimum() ? scales.length : 0];
    }

    static boolean keep(StoredType type, Shape shape) {
        return shape.dimension() == 2 && GgufGroups.of(type).isPresent();
    }

    /**
     * @param sourceRow gives for each row of the result the row of the file that it is
     */
    static QuantizedArray arrange(
            StoredType type, Shape shape, byte[] stored, IntUnaryOperator sourceRow, NDManager manager) {
        GgufBlocks blocks = new GgufBlocks(type, GgufGroups.of(type).orElseThrow(), shape, stored, manager.getDevice());
        IntStream.range(0, blocks.rows).parallel().forEach(row -> blocks.row(row, sourceRow.applyAsInt(row)));
        return blocks.array(manager);
    }

    private void row(int row, int source) {
        GgufGroups.Group group = new GgufGroups.Group();
        for (int i = 0; i < rowBlocks * blockGroups; i++) {
            int from = (source * rowBlocks + i / blockGroups) * type.blockBytes;
            groups.taker().take(stored, from, i % blockGroups, group);
            int number = row * rowBlocks * blockGroups + i;
            if (ofRecords) {
                putRecord(number * QuantizedArray.RECORD, group);
            } else {
                put(number, group);
            }
        }
    }

    private void putRecord(int at, GgufGroups.Group group) {
        int half = QuantizedArray.RECORD_NUMBERS / 2;
        for (int i = 0; i < half; i++) {
            codes[at + i] = (byte) (group.codes[2 * i] | group.codes[2 * i + 1] << 4);
        }
        Encoders.put(codes, at + half, Encoders.floatBitsToHalf(Float.floatToRawIntBits(group.scale)));
        Encoders.put(codes, at + half + 2, Encoders.floatBitsToHalf(Float.floatToRawIntBits(group.minimum)));
    }

    private void put(int number, GgufGroups.Group group) {
        scales[number] = group.scale;
        if (groups.hasMinimum()) {
            minima[number] = group.minimum;
        }
        for (int i = 0; i < groups.length(); i++) {
            int at = number * groups.length() + i;
            if (!groups.nibbles()) {
                codes[at] = (byte) group.codes[i];
            } else {
                // Codes of the row's first half are the upper halves of its bytes.
                int half = Math.toIntExact(shape.get(1)) / 2;
                int row = at / (2 * half);
                int column = at % (2 * half);
                codes[row * half + column % half] |= (byte) (column < half ? group.codes[i] << 4 : group.codes[i]);
            }
        }
    }

    private QuantizedArray array(NDManager manager) {
        if (ofRecords) {
            return QuantizedArray.records(type.name(), shape, codes, manager);
        }
        NDArray scale = constants(scales, manager);
        NDArray minimum = groups.hasMinimum() ? constants(minima, manager) : null;
        return groups.nibbles()
                ? QuantizedArray.nibbles(type.name(), shape, codes, groups.firstCode(), manager, scale, minimum)
                : QuantizedArray.bytes(type.name(), shape, codes, manager, scale, minimum);
    }

    /** In the type from which they come, or that products of it need, so that nothing is lost. */
    private NDArray constants(float[] numbers, NDManager manager) {
        NDArray wide = manager.create(numbers);
        if (!groups.halves()) {
            return wide;
        }
        try (wide) {
            return wide.toType(DataType.FLOAT16, true);
        }
    }
}
