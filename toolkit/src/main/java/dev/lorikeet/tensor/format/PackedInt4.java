package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Backend.Operation;
import dev.lorikeet.tensor.engine.Call;
import java.util.List;
import java.util.Set;

/**
 * Affine matrices packed for decoding: 4-bit values in the order in which this CPU's bfloat16 product takes them, with scales in
 * bfloat16. Values of 8 bits are stored as two planes of 4, the upper halves first. Auxiliary tensors: the first plane's scales,
 * then the second plane and its scales. It is made from other formats, in memory alone, and not dequantized.
 */
public final class PackedInt4 extends WeightFormat {

    /** Rows that the product takes at a time, and the group sizes that it knows. */
    private static final int ROWS = 64;

    private static final Set<Long> GROUP_SIZES = Set.of(32L, 64L, 128L, 256L);

    PackedInt4() {
        super(7, "PACKED_INT4");
    }

    /** Bytes of one plane. */
    @Override
    public long bytes(Shape shape) {
        return shape.size() / 2;
    }

    @Override
    public boolean runsOn(Backend backend) {
        return backend.supports(Operation.PACKED_MATMUL);
    }

    /** Whether a matrix can be packed. */
    boolean takes(QuantizedArray matrix) {
        return matrix.format().int4Planes() > 0
                && matrix.shape().get(0) % ROWS == 0
                && GROUP_SIZES.contains(matrix.groupSize())
                && matrix.shape().get(1) % matrix.groupSize() == 0;
    }

    /** Whether matrices can be packed as one, their rows concatenated. */
    boolean takesTogether(List<QuantizedArray> matrices) {
        QuantizedArray first = matrices.get(0);
        return matrices.stream()
                .allMatch(matrix -> takes(matrix)
                        && matrix.shape().get(1) == first.shape().get(1)
                        && matrix.groupSize() == first.groupSize()
                        && matrix.format().int4Planes() == first.format().int4Planes());
    }

    /** Packs matrices as one; the result belongs to the manager of the first. */
    QuantizedArray pack(List<QuantizedArray> matrices) {
        QuantizedArray first = matrices.get(0);
        NDManager manager = first.qweight().getManager();
        NDList planes = new NDList();
        for (int plane = first.format().int4Planes() - 1; plane >= 0; plane--) {
            planes.add(pack("pack_int4", plane, matrices, manager));
            planes.add(pack("pack_int4_scales", plane, matrices, manager));
        }
        long rows = matrices.stream().mapToLong(matrix -> matrix.shape().get(0)).sum();
        Shape shape = new Shape(rows, first.shape().get(1));
        return new QuantizedArray(first.name(), this, shape, planes.head(), planes.subNDList(1), 0, first.groupSize());
    }

    private static NDArray pack(String function, int plane, List<QuantizedArray> matrices, NDManager manager) {
        NDList weights = new NDList();
        matrices.forEach(matrix -> weights.addAll(matrix.parts()));
        return Call.of(function)
                .with("plane", plane)
                .with("weights", weights)
                .owner(manager)
                .inferred();
    }
}
