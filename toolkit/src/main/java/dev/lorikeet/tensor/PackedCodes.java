package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Platform;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Quantised matrices of one width once more, one below the other, in the form by which a CPU multiplies few rows in bfloat16
 * without making numbers of them first: codes of 4 bits, those of 8 as two of 4, with scales in bfloat16. It takes as much memory
 * again.
 */
public final class PackedCodes implements AutoCloseable {

    /** Where the engine's product of 4-bit codes is written with the CPU's vectors; elsewhere it is slower than numbers. */
    private static final boolean IS_FAST = Platform.isIntel() && Platform.is64Bit() && !Platform.isWindows();

    /** Rows that it takes at a time, and the blocks that it knows. */
    private static final int ROWS = 64;

    private static final Set<Long> BLOCKS = Set.of(32L, 64L, 128L, 256L);

    private final List<QuantizedArray> matrices;
    private final NDList parts = new NDList();
    private final NDArray type;

    private PackedCodes(List<QuantizedArray> matrices) {
        this.matrices = List.copyOf(matrices);
        QuantizedArray first = matrices.get(0);
        NDManager manager = first.codes().getManager();
        for (int half = first.halves(); half > 0; half--) {
            parts.add(Ops.packedCodes(manager, matrices, half));
            parts.add(Ops.packedScales(manager, matrices, half));
        }
        type = Precision.BFLOAT16.zeros(manager, new Shape(0));
        long rows = matrices.stream().mapToLong(matrix -> matrix.shape().get(0)).sum();
        Shape shape = new Shape(rows, first.shape().get(1));
        parts.add(1, QuantizedArray.packedDescription(manager, shape, parts.size() - 1, first.block()));
    }

    /** Empty for forms that are no steps of a scale, and for shapes and CPUs of which the engine has no fast way. */
    public static Optional<PackedCodes> of(List<QuantizedArray> matrices) {
        QuantizedArray first = matrices.get(0);
        boolean alike = matrices.stream()
                .allMatch(matrix -> canBePacked(matrix)
                        && matrix.shape().get(1) == first.shape().get(1)
                        && matrix.block() == first.block()
                        && matrix.halves() == first.halves());
        return alike ? Optional.of(new PackedCodes(matrices)) : Optional.empty();
    }

    /** Whether the matrix, by itself, has such a form. */
    public static boolean canBePacked(QuantizedArray matrix) {
        return IS_FAST
                && matrix.isOfSteps()
                && !matrix.codes().getDevice().isGpu()
                && matrix.shape().get(0) % ROWS == 0
                && BLOCKS.contains(matrix.block())
                && matrix.shape().get(1) % matrix.block() == 0;
    }

    /** Whether they were made of these very arrays. */
    public boolean areOf(List<QuantizedArray> others) {
        return matrices.equals(others);
    }

    /** What fused operations take for a weight: the codes, the description of the form, its constants. */
    public NDList parts() {
        return new NDList(parts);
    }

    /** An array of the type in which they are multiplied. */
    public NDArray type() {
        return type;
    }

    @Override
    public void close() {
        type.close();
        parts.forEach(NDArray::close);
    }
}
