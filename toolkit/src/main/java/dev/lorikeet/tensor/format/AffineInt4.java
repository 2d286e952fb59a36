package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Backend;
import java.util.Optional;

/**
 * Values of 4 bits: weight = (value + offset) · scale, plus a minimum if there is a second auxiliary tensor. Byte j of a row holds
 * in its upper half the value of column j, in its lower half that of column j + columns / 2, so that a row need not be taken apart
 * value by value.
 */
public final class AffineInt4 extends WeightFormat {

    AffineInt4() {
        super(5, "AFFINE_INT4");
    }

    @Override
    public long bytes(Shape shape) {
        return shape.size() / 2;
    }

    @Override
    public boolean isAffine() {
        return true;
    }

    @Override
    int int4Planes() {
        return 1;
    }

    /**
     * A matrix of given values.
     *
     * @param scales one a group, then as many minima or none, floating, in {@code manager}
     */
    QuantizedArray array(String name, Shape shape, byte[] values, int offset, NDList scales, NDManager manager) {
        NDArray qweight = QuantizedValues.of(values, DataType.UINT8, manager);
        long groupSize = shape.size() / scales.head().size();
        return new QuantizedArray(name, this, shape, qweight, scales, offset, groupSize);
    }

    @Override
    Optional<GroupPacker> packer(GroupLayout layout, Backend backend) {
        return layout.bits() == 4 ? Optional.of(new Packer(layout)) : Optional.empty();
    }

    private final class Packer implements GroupPacker {

        private final GroupLayout layout;
        private final int columns;
        private final byte[] packed;
        private final GroupScales scales;

        Packer(GroupLayout layout) {
            this.layout = layout;
            this.columns = Math.toIntExact(layout.shape().get(1));
            this.packed = new byte[Math.toIntExact(bytes(layout.shape()))];
            this.scales = new GroupScales(layout);
        }

        @Override
        public void put(int group, int[] values, float scale, float minimum) {
            scales.put(group, scale, minimum);
            int half = columns / 2;
            for (int i = 0; i < layout.groupSize(); i++) {
                int at = group * layout.groupSize() + i;
                int row = at / columns;
                int column = at % columns;
                packed[row * half + column % half] |= (byte) (column < half ? values[i] << 4 : values[i]);
            }
        }

        @Override
        public QuantizedArray array(NDManager manager) {
            return AffineInt4.this.array(
                    layout.name(), layout.shape(), packed, layout.offset(), scales.arrays(manager), manager);
        }
    }
}
