package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.engine.Backend;
import java.util.Optional;

/** Signed bytes: weight = value · scale, plus a minimum if there is a second auxiliary tensor. */
public final class AffineInt8 extends WeightFormat {

    private static final int LARGEST = 127;

    /** How many columns the engine's product of int8 rows takes at a time. */
    private static final int COLUMNS = 16;

    AffineInt8() {
        super(1, "AFFINE_INT8");
    }

    @Override
    public long bytes(Shape shape) {
        return shape.size();
    }

    @Override
    public boolean isAffine() {
        return true;
    }

    @Override
    int int4Planes() {
        return 2;
    }

    /** Whether the engine multiplies by the values as they are: one scale a row, and no minimum. */
    boolean hasPackedRows(QuantizedArray matrix) {
        long columns = matrix.shape().get(1);
        return matrix.format() == this
                && matrix.auxiliary().size() == 1
                && matrix.groupSize() == columns
                && columns % COLUMNS == 0;
    }

    /** One scale a row. */
    @Override
    long auxiliaryBytes(Shape shape) {
        return shape.get(0) * Float.BYTES;
    }

    @Override
    Optional<Quantization> quantization() {
        return Optional.of(Quantization.INT8);
    }

    @Override
    boolean fits(Shape shape) {
        return shape.dimension() == 2;
    }

    /** A group is a row: value = round(127 · weight / absmax), scale = absmax / 127. */
    @Override
    QuantizedArray quantize(NDArray matrix, NDManager manager) {
        int rows = Math.toIntExact(matrix.getShape().get(0));
        int columns = Math.toIntExact(matrix.getShape().get(1));
        byte[] values = new byte[Math.multiplyExact(rows, columns)];
        float[] scales = new float[rows];
        Blocks.forEach(matrix, columns, (weights, first, count) -> {
            for (int row = 0; row < count; row++) {
                float absmax = Blocks.absmax(weights, row * columns, columns);
                scales[first + row] = absmax / LARGEST;
                float factor = absmax == 0 ? 0 : LARGEST / absmax;
                for (int i = 0; i < columns; i++) {
                    values[(first + row) * columns + i] = (byte) Math.round(weights[row * columns + i] * factor);
                }
            }
        });
        NDList auxiliary = new NDList(manager.create(scales));
        return array(Quantization.INT8.name(), matrix.getShape(), values, auxiliary, manager);
    }

    /**
     * A matrix of given values.
     *
     * @param scales one a group, then as many minima or none, floating, in {@code manager}
     */
    QuantizedArray array(String name, Shape shape, byte[] values, NDList scales, NDManager manager) {
        NDArray qweight = QuantizedValues.of(values, DataType.INT8, manager);
        long groupSize = shape.size() / scales.head().size();
        return new QuantizedArray(name, this, shape, qweight, scales, 0, groupSize);
    }

    @Override
    Optional<GroupPacker> packer(GroupLayout layout, Backend backend) {
        return layout.bits() == 8 ? Optional.of(new Packer(layout)) : Optional.empty();
    }

    private final class Packer implements GroupPacker {

        private final GroupLayout layout;
        private final byte[] packed;
        private final GroupScales scales;

        Packer(GroupLayout layout) {
            this.layout = layout;
            this.packed = new byte[Math.toIntExact(bytes(layout.shape()))];
            this.scales = new GroupScales(layout);
        }

        @Override
        public void put(int group, int[] values, float scale, float minimum) {
            scales.put(group, scale, minimum);
            for (int i = 0; i < layout.groupSize(); i++) {
                packed[group * layout.groupSize() + i] = (byte) values[i];
            }
        }

        @Override
        public QuantizedArray array(NDManager manager) {
            return AffineInt8.this.array(layout.name(), layout.shape(), packed, scales.arrays(manager), manager);
        }
    }
}
