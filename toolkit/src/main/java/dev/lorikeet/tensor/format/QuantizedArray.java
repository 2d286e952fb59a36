package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.engine.Call;
import java.util.List;

/** A quantized matrix: its values, its auxiliary tensors (scales, minima, codebook, absmax) and the {@link WeightFormat} of both. */
public final class QuantizedArray implements AutoCloseable {

    private final String name;
    private final WeightFormat format;
    private final Shape shape;
    private final int offset;
    private final long groupSize;
    private final NDArray qweight;
    private final NDList auxiliary;
    private final NDArray descriptor;

    /**
     * Puts a matrix together.
     *
     * @param name what a user calls the type, such as "NF4" or "Q4_K"
     * @param offset added to a value before it is scaled
     * @param groupSize weights that share a scale
     */
    public QuantizedArray(
            String name,
            WeightFormat format,
            Shape shape,
            NDArray qweight,
            NDList auxiliary,
            int offset,
            long groupSize) {
        this.name = name;
        this.format = format;
        this.shape = shape;
        this.offset = offset;
        this.groupSize = groupSize;
        this.qweight = qweight;
        this.auxiliary = auxiliary;
        this.descriptor =
                new Descriptor(format, shape, auxiliary.size(), offset, groupSize).array(qweight.getManager());
    }

    /** Whether a matrix of this shape can be quantized so. */
    public static boolean fits(Shape shape, Quantization how) {
        return WeightFormats.of(how).filter(format -> format.fits(shape)).isPresent();
    }

    /** Bytes of a matrix of this shape that is quantized so, auxiliary tensors included. */
    public static long bytes(Shape shape, Quantization how) {
        WeightFormat format = WeightFormats.of(how).orElseThrow();
        return format.bytes(shape) + format.auxiliaryBytes(shape);
    }

    /**
     * Quantizes a matrix.
     *
     * @param matrix float32 on the CPU, in row-major order
     * @param manager owns the result, on its device
     * @throws BadArgumentException if a matrix of its shape cannot be quantized so
     */
    public static QuantizedArray of(NDArray matrix, Quantization how, NDManager manager) {
        Shape shape = matrix.getShape();
        BadArgumentException.unless(
                fits(shape, how),
                "matrix",
                shape,
                "a matrix whose rows are a multiple of " + Nf4.BLOCK + " for " + how);
        return WeightFormats.of(how).orElseThrow().quantize(matrix, manager);
    }

    /** What a user calls the type, such as "NF4" or "Q4_1". */
    public String name() {
        return name;
    }

    public WeightFormat format() {
        return format;
    }

    /** The matrix's shape (rows, columns). */
    public Shape shape() {
        return shape;
    }

    /** What is added to a value before it is scaled. */
    public int offset() {
        return offset;
    }

    /** How many weights share a scale. */
    public long groupSize() {
        return groupSize;
    }

    /** The quantized values, uint8 or int8, without the matrix's shape. */
    public NDArray qweight() {
        return qweight;
    }

    /** Scales, minima, codebook, absmax: what the format needs beside the values, in its order. */
    public NDList auxiliary() {
        return new NDList(auxiliary);
    }

    NDArray descriptor() {
        return descriptor;
    }

    /** Whether its tensors are as long as its shape and its format ask for; one that was read may not be. */
    public boolean isWhole() {
        DataType type = qweight.getDataType();
        return groupSize > 0
                && (type == DataType.INT8 || type == DataType.UINT8)
                && qweight.size() == format.bytes(shape)
                && format.takes(auxiliary, shape, groupSize);
    }

    /** What the script takes for a weight: [qweight, descriptor, auxiliary tensors …]. */
    public NDList parts() {
        return new NDList(qweight).addAll(formatParts());
    }

    /** {@link #parts} without the values: [descriptor, auxiliary tensors …]. */
    public NDList formatParts() {
        return new NDList(descriptor).addAll(auxiliary);
    }

    /** The matrix that it stands for: dense, in {@code manager}. */
    public NDArray dequantize(NDManager manager, DType dtype) {
        return format.dequantize(this, manager, dtype);
    }

    /**
     * Writes the matrices that weights stand for into dense arrays of their shapes. Autograd does not notice: it takes what is in a
     * target when the backward pass comes by.
     */
    public static void dequantizeInto(List<NDArray> targets, List<QuantizedArray> weights) {
        if (targets.isEmpty()) {
            return;
        }
        NDList parts = new NDList();
        weights.forEach(weight -> parts.addAll(weight.parts()));
        Call.of("dequantize_into")
                .with("targets", new NDList(targets))
                .with("weights", parts)
                .recorded()
                .close();
    }

    @Override
    public void close() {
        qweight.close();
        auxiliary.close();
        descriptor.close();
    }
}
