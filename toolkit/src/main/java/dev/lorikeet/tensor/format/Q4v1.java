package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Backend.Operation;
import java.util.Optional;

/**
 * GGUF's Q4_1: groups of 32 values of 4 bits, weight = value · scale + minimum. A block of 20 bytes holds a group: 16 bytes of
 * values, the first of two in the lower half, then scale and minimum in float16. A CPU dequantizes such blocks with one operation.
 */
public final class Q4v1 extends WeightFormat {

    static final int GROUP = 32;

    static final int BLOCK_BYTES = 20;

    /** Where the scale stands in a block; the minimum follows. */
    private static final int SCALE_AT = GROUP / 2;

    Q4v1() {
        super(8, "Q4_1");
    }

    @Override
    public long bytes(Shape shape) {
        return shape.size() / GROUP * BLOCK_BYTES;
    }

    @Override
    public boolean runsOn(Backend backend) {
        return backend.supports(Operation.UNPACK_Q4_1);
    }

    @Override
    public boolean isAffine() {
        return true;
    }

    /** Scales and minima are among the values. */
    @Override
    boolean takes(NDList auxiliary, Shape shape, long groupSize) {
        return auxiliary.isEmpty() && groupSize == GROUP;
    }

    @Override
    int int4Planes() {
        return 1;
    }

    /** A matrix of given blocks. */
    QuantizedArray array(String name, Shape shape, byte[] blocks, NDManager manager) {
        NDArray qweight = QuantizedValues.of(blocks, DataType.UINT8, manager);
        return new QuantizedArray(name, this, shape, qweight, new NDList(), 0, GROUP);
    }

    @Override
    Optional<GroupPacker> packer(GroupLayout layout, Backend backend) {
        boolean fits = layout.bits() == 4
                && layout.groupSize() == GROUP
                && layout.offset() == 0
                && layout.hasMinimum()
                && layout.scaleType() == DataType.FLOAT16;
        return fits && runsOn(backend) ? Optional.of(new Packer(layout)) : Optional.empty();
    }

    private final class Packer implements GroupPacker {

        private final GroupLayout layout;
        private final byte[] blocks;

        Packer(GroupLayout layout) {
            this.layout = layout;
            this.blocks = new byte[Math.toIntExact(bytes(layout.shape()))];
        }

        @Override
        public void put(int group, int[] values, float scale, float minimum) {
            int block = group * BLOCK_BYTES;
            for (int i = 0; i < GROUP / 2; i++) {
                blocks[block + i] = (byte) (values[2 * i] | values[2 * i + 1] << 4);
            }
            Half.put(blocks, block + SCALE_AT, Half.fromFloatBits(Float.floatToRawIntBits(scale)));
            Half.put(blocks, block + SCALE_AT + 2, Half.fromFloatBits(Float.floatToRawIntBits(minimum)));
        }

        @Override
        public QuantizedArray array(NDManager manager) {
            return Q4v1.this.array(layout.name(), layout.shape(), blocks, manager);
        }
    }
}
