package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * The type in which a model multiplies. Frozen weights are kept in it; trained weights, the residual stream, normalisations,
 * losses and optimizer state are float32 in each.
 */
public enum DType {
    FLOAT32(6, 4),
    FLOAT16(5, 2),
    /** DJL does not know this type: such an array must not be asked for its type, printed, or copied to Java. */
    BFLOAT16(15, 2);

    private final int code;
    private final int bytes;

    DType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The engine's number of the type, by which fused operations are told of it. */
    public int code() {
        return code;
    }

    /** Bytes an element. */
    public int bytes() {
        return bytes;
    }

    /**
     * A copy of the array in this type, in the same manager, without what the engine has recorded of it. It is one for the
     * same type too: an array that DJL made of Java's numbers loses its memory when it is closed, and a view would not keep it.
     */
    public NDArray cast(NDArray array) {
        try (NDArray type = Torch.host().create(code);
                NDArray like = array.getManager().create(0f)) {
            return TorchScript.call("cast", true, new NDList(like, type), new NDList(array));
        }
    }

    /** Zeros of this type, in {@code manager}. */
    public NDArray zeros(NDManager manager, Shape shape) {
        try (NDArray type = Torch.host().create(code);
                NDArray sizes = Torch.host().create(shape.getShape());
                NDArray like = manager.create(0f)) {
            return TorchScript.call("zeros", true, new NDList(like, type, sizes));
        }
    }

    /** The type of a floating-point array, which may be one that DJL does not know. */
    public static DType of(NDArray array) {
        try (NDArray like = Torch.host().create(0f);
                NDArray found = TorchScript.call("scalar_type", true, new NDList(like), new NDList(array))) {
            long code = found.getLong();
            return Arrays.stream(values())
                    .filter(precision -> precision.code == code)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no floating-point type: " + code));
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
