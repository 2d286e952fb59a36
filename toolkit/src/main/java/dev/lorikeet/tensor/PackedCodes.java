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
 * Quantised matrices once more, in the form by which a CPU multiplies few rows in bfloat16 without making numbers of them first.
 * Several of one width, one below the other: codes of 4 bits, those of 8 as two of 4, with scales in bfloat16, which takes as much
 * memory again. Or one whose rows are bytes of a single scale: the engine takes those codes as they are.
 */
public final class PackedCodes implements AutoCloseable {

    /** Where the engine's products of codes are written with the CPU's vectors; elsewhere they are slower than numbers. */
    private static final boolean IS_FAST = Platform.isIntel() && Platform.is64Bit() && !Platform.isWindows();

    /** Rows that the product of 4-bit codes takes at a time, and the blocks that it knows. */
    private static final int ROWS = 64;

    private static final Set<Long> BLOCKS = Set.of(32L, 64L, 128L, 256L);

    /** Columns that the product of bytes takes at a time. */
    private static final int COLUMNS = 16;

    private final List<QuantizedArray> matrices;
    private final NDList made = new NDList();
    private final NDList parts;
    private final NDArray type;

    private PackedCodes(List<QuantizedArray> matrices) {
        this.matrices = List.copyOf(matrices);
        QuantizedArray first = matrices.get(0);
        NDManager manager = first.codes().getManager();
        type = DType.BFLOAT16.zeros(manager, new Shape(0));
        if (fitsInBlocks(first)) {
            pack(manager);
            parts = made;
        } else {
            NDArray scales = DType.BFLOAT16.cast(first.constants().head());
            made.add(scales);
            parts = new NDList(first.codes(), first.rest().head(), scales);
        }
    }

    private void pack(NDManager manager) {
        QuantizedArray first = matrices.get(0);
        for (int half = first.halves(); half > 0; half--) {
            made.add(Ops.packedCodes(manager, matrices, half));
            made.add(Ops.packedScales(manager, matrices, half));
        }
        long rows = matrices.stream().mapToLong(matrix -> matrix.shape().get(0)).sum();
        Shape shape = new Shape(rows, first.shape().get(1));
        made.add(1, QuantizedArray.packedDescription(manager, shape, made.size() - 1, first.block()));
    }

    /** Empty for forms that are no steps of a scale, and for shapes and CPUs of which the engine has no fast way. */
    public static Optional<PackedCodes> of(List<QuantizedArray> matrices) {
        QuantizedArray first = matrices.get(0);
        boolean alike = matrices.stream()
                .allMatch(matrix -> fitsInBlocks(matrix)
                        && matrix.shape().get(1) == first.shape().get(1)
                        && matrix.block() == first.block()
                        && matrix.halves() == first.halves());
        boolean alone = matrices.size() == 1 && canBePacked(first);
        return alike || alone ? Optional.of(new PackedCodes(matrices)) : Optional.empty();
    }

    /** Whether the matrix, by itself, has such a form. */
    public static boolean canBePacked(QuantizedArray matrix) {
        return fitsInBlocks(matrix) || fitsInRows(matrix);
    }

    private static boolean fitsInBlocks(QuantizedArray matrix) {
        return isFast(matrix)
                && matrix.shape().get(0) % ROWS == 0
                && BLOCKS.contains(matrix.block())
                && matrix.shape().get(1) % matrix.block() == 0;
    }

    private static boolean fitsInRows(QuantizedArray matrix) {
        long columns = matrix.shape().get(1);
        return isFast(matrix)
                && matrix.isOfBytes()
                && matrix.constants().size() == 1
                && matrix.block() == columns
                && columns % COLUMNS == 0;
    }

    private static boolean isFast(QuantizedArray matrix) {
        return IS_FAST && matrix.isOfSteps() && !matrix.codes().getDevice().isGpu();
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

    /** The arrays among them that are not the matrices' own. */
    public NDList made() {
        return new NDList(made);
    }

    @Override
    public void close() {
        type.close();
        made.forEach(NDArray::close);
    }
}
