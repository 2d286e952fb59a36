package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Backend.Operation;
import java.util.List;
import java.util.Optional;

/**
 * Quantized matrices as a CPU multiplies a few bfloat16 rows by them without dequantizing. Several of one width are packed together
 * as {@link PackedInt4}, which takes as much memory again. Rows of {@link AffineInt8} with a single scale are taken as they are, one
 * matrix at a time.
 */
public final class PackedWeights implements AutoCloseable {

    private final List<QuantizedArray> matrices;
    private final NDList parts;
    private final NDList made;
    private final NDArray dtype;

    private PackedWeights(List<QuantizedArray> matrices, NDList parts, NDList made, NDManager manager) {
        this.matrices = List.copyOf(matrices);
        this.parts = parts;
        this.made = made;
        this.dtype = DType.BFLOAT16.zeros(manager, new Shape(0));
    }

    /** Packs matrices; empty for formats, shapes and CPUs for which the engine has no fast product. */
    public static Optional<PackedWeights> of(List<QuantizedArray> matrices) {
        QuantizedArray first = matrices.get(0);
        NDManager manager = first.qweight().getManager();
        if (!isFastFor(first)) {
            return Optional.empty();
        }
        if (WeightFormats.PACKED_INT4.takesTogether(matrices)) {
            QuantizedArray packed = WeightFormats.PACKED_INT4.pack(matrices);
            return Optional.of(new PackedWeights(matrices, packed.parts(), packed.parts(), manager));
        }
        if (matrices.size() == 1 && WeightFormats.AFFINE_INT8.hasPackedRows(first)) {
            NDArray scales = DType.BFLOAT16.cast(first.auxiliary().head());
            NDList parts = new NDList(first.qweight(), first.descriptor(), scales);
            return Optional.of(new PackedWeights(matrices, parts, new NDList(scales), manager));
        }
        return Optional.empty();
    }

    /** Whether a matrix can be packed by itself. */
    public static boolean canBePacked(QuantizedArray matrix) {
        return isFastFor(matrix)
                && (WeightFormats.PACKED_INT4.takes(matrix) || WeightFormats.AFFINE_INT8.hasPackedRows(matrix));
    }

    private static boolean isFastFor(QuantizedArray matrix) {
        return new Backend(matrix.qweight().getDevice()).supports(Operation.PACKED_MATMUL);
    }

    /** Whether they were made of these very arrays. */
    public boolean areOf(List<QuantizedArray> others) {
        return matrices.equals(others);
    }

    /** What the script takes for a weight; see {@link QuantizedArray#parts}. */
    public NDList parts() {
        return new NDList(parts);
    }

    /** An empty array of their compute dtype, bfloat16. */
    public NDArray dtype() {
        return dtype;
    }

    /** The arrays among {@link #parts} that are not the matrices' own. */
    public NDList made() {
        return new NDList(made);
    }

    @Override
    public void close() {
        dtype.close();
        made.forEach(NDArray::close);
    }
}
