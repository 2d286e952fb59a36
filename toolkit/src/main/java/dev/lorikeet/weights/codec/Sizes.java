package dev.lorikeet.weights.codec;

import java.util.OptionalLong;

/** Computes stored lengths of tensors. */
public final class Sizes {

    private Sizes() {}

    /** The stored length of a tensor of {@code shape} in bytes; empty if its rows are no whole blocks, or it is too large. */
    public static OptionalLong bytes(TensorType type, long[] shape) {
        long rowLength = shape.length == 0 ? 1 : shape[shape.length - 1];
        if (rowLength % type.blockWeights() != 0) {
            return OptionalLong.empty();
        }
        try {
            long count = 1;
            long strides = Long.BYTES;
            for (long length : shape) {
                if (length < 0) {
                    return OptionalLong.empty();
                }
                count = Math.multiplyExact(count, length);
                // An empty tensor has strides all the same, which the engine computes.
                strides = Math.multiplyExact(strides, Math.max(1, length));
            }
            return OptionalLong.of(Math.multiplyExact(count / type.blockWeights(), type.blockBytes()));
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
