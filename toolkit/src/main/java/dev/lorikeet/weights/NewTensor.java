package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.weights.codec.Sizes;
import dev.lorikeet.weights.codec.TensorType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A tensor to be written. Its array is made when its turn comes, so that one at a time is in memory.
 *
 * @param shape the shape, rows first as in PyTorch
 * @param type the stored type in the format's own name: "F32", "F16" or "BF16", and in GGUF "Q8_0" too
 * @param array makes a float32 array of this shape, on any device; the writer closes it
 */
public record NewTensor(String name, Shape shape, String type, Supplier<NDArray> array) {

    private static final Set<TensorType> WRITABLE =
            EnumSet.of(TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0);

    /**
     * @throws BadArgumentException if the type cannot be written, or rows are no whole number of its blocks
     */
    public NewTensor {
        BadArgumentException.unless(
                WRITABLE.stream().map(Enum::name).anyMatch(type::equals),
                "type of " + name,
                type,
                "one of " + WRITABLE.stream().map(Enum::name).collect(Collectors.joining(", ")));
        BadArgumentException.unless(
                Sizes.bytes(TensorType.valueOf(type), shape.getShape()).isPresent(),
                "shape of " + name,
                Arrays.toString(shape.getShape()),
                "rows in whole blocks of " + TensorType.valueOf(type).blockWeights() + ", as " + type + " needs");
    }

    TensorType stored() {
        return TensorType.valueOf(type);
    }

    /** The length in the file. */
    public long bytes() {
        return Sizes.bytes(stored(), shape.getShape()).orElseThrow();
    }
}
