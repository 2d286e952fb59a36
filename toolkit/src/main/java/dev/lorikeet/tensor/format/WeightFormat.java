package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Call;
import java.util.Optional;

/**
 * A stored form of a weight matrix: how it is made, how many bytes it takes, and what can be done with it. The script dequantizes
 * and multiplies by it; {@code script/constants.py} names the same {@link #id}.
 */
public abstract class WeightFormat {

    private final int id;
    private final String name;

    WeightFormat(int id, String name) {
        this.id = id;
        this.name = name;
    }

    /** The number by which the script knows the format; it never changes and is never given to another one. */
    public final int id() {
        return id;
    }

    /** The name of the id in the script, such as "AFFINE_INT4". */
    public final String name() {
        return name;
    }

    /** Bytes of the quantized values of a matrix, without its auxiliary tensors. */
    public abstract long bytes(Shape shape);

    /** Bytes of the auxiliary tensors of a matrix that it {@link #quantize quantizes}. */
    long auxiliaryBytes(Shape shape) {
        throw new UnsupportedOperationException(name + " does not quantize");
    }

    /** Whether the script can dequantize it on a device. */
    public boolean runsOn(Backend backend) {
        return true;
    }

    /** Whether weight = scale · (value + offset) + minimum, with one scale and minimum a group. */
    public boolean isAffine() {
        return false;
    }

    /** How many times {@link PackedInt4} stores a matrix, 4 bits each time; 0 if it cannot. */
    int int4Planes() {
        return 0;
    }

    /** Whether auxiliary tensors are as many and as long as a matrix needs; unless a format says otherwise, scales and minima. */
    boolean takes(NDList auxiliary, Shape shape, long groupSize) {
        return isAffine()
                && (auxiliary.size() == 1 || auxiliary.size() == 2)
                && auxiliary.stream().allMatch(array -> array.size() * groupSize == shape.size());
    }

    /** What {@link #quantize} is called among a user's choices, if it can quantize. */
    Optional<Quantization> quantization() {
        return Optional.empty();
    }

    /** Whether a matrix of this shape can be quantized. */
    boolean fits(Shape shape) {
        return false;
    }

    /**
     * Quantizes a matrix that {@link #fits}.
     *
     * @param matrix float32 on the CPU, in row-major order
     * @param manager owns the result, on its device
     */
    QuantizedArray quantize(NDArray matrix, NDManager manager) {
        throw new UnsupportedOperationException(name + " does not quantize");
    }

    /** Takes the groups of a file's matrix, if they fit and the device can dequantize the format. */
    Optional<GroupPacker> packer(GroupLayout layout, Backend backend) {
        return Optional.empty();
    }

    /** The matrix that an array of this format stands for: dense, in {@code manager}. */
    NDArray dequantize(QuantizedArray array, NDManager manager, DType dtype) {
        return Call.of("dequantize_matrix")
                .with("descriptor", array.descriptor())
                .with("dtype", dtype.code())
                .with("weight", new NDList(array.qweight()).addAll(array.auxiliary()))
                .owner(manager)
                .recorded();
    }

    @Override
    public final String toString() {
        return name;
    }
}
