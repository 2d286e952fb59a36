package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Call;
import dev.lorikeet.tensor.engine.ScalarType;
import java.util.Arrays;

/**
 * The compute dtype of a model: the type of its matrix products, in which frozen weights are kept. Trained weights, the residual
 * stream, normalisations, losses and optimizer state are float32 in each.
 */
public enum DType {
    FLOAT32(ScalarType.FLOAT32),
    FLOAT16(ScalarType.FLOAT16),
    /** DJL does not know this type: such an array must not be asked for its type, printed, or copied to Java. */
    BFLOAT16(ScalarType.BFLOAT16);

    private final ScalarType type;

    DType(ScalarType type) {
        this.type = type;
    }

    /** The engine's number of the type, by which functions of the script are told of it. */
    public int code() {
        return type.code();
    }

    /** Bytes an element. */
    public int bytes() {
        return type.bytes();
    }

    /**
     * A copy of the array in this type, in the same manager, without what the engine has recorded of it. It is one for the
     * same type too: an array that DJL made of Java's numbers loses its memory when it is closed, and a view would not keep it.
     */
    public NDArray cast(NDArray array) {
        return Call.of("cast").with("x", array).with("dtype", code()).recorded();
    }

    /** Zeros of this type, in {@code manager}, on its device. */
    public NDArray zeros(NDManager manager, Shape shape) {
        try (NDArray sizes = manager.create(shape.getShape())) {
            return Call.of("zeros").with("shape", sizes).with("dtype", code()).recorded();
        }
    }

    /**
     * The type of a floating-point array, which may be one that DJL does not know.
     *
     * @throws IllegalArgumentException if the array has another type
     */
    public static DType of(NDArray array) {
        long code = Call.of("scalar_type").with("x", array).inferredLong();
        return Arrays.stream(values())
                .filter(dtype -> dtype.type.code() == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no floating-point type: "
                        + ScalarType.of(code).map(ScalarType::toString).orElse("the engine's " + code)));
    }

    @Override
    public String toString() {
        return type.toString();
    }
}
