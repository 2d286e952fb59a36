package dev.lorikeet.weights;

import java.util.OptionalLong;

/** Stored lengths of tensors. */
final class Sizes {

    private Sizes() {}

    /** The stored length of a tensor of {@code shape}, its rows in whole blocks; empty if there can be none such. */
    static OptionalLong bytes(StoredType type, long[] shape) {
        long rowLength = shape.length == 0 ? 1 : shape[shape.length - 1];
        if (rowLength % type.blockWeights != 0) {
            return OptionalLong.empty();
        }
        try {
            long count = 1;
            for (long length : shape) {
                if (length < 0) {
                    return OptionalLong.empty();
                }
                count = Math.multiplyExact(count, length);
            }
            return OptionalLong.of(Math.multiplyExact(count / type.blockWeights, type.blockBytes));
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
