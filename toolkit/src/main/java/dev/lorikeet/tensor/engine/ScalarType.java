package dev.lorikeet.tensor.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** PyTorch's types of elements, c10::ScalarType, as far as they are used; {@code script/constants.py} names the same numbers. */
public enum ScalarType {
    UINT8(0, 1),
    INT8(1, 1),
    INT32(3, 4),
    INT64(4, 8),
    FLOAT16(5, 2),
    FLOAT32(6, 4),
    FLOAT64(7, 8),
    BOOL(11, 1),
    BFLOAT16(15, 2);

    private final int code;
    private final int bytes;

    ScalarType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The engine's number of the type. */
    public int code() {
        return code;
    }

    /** Bytes an element. */
    public int bytes() {
        return bytes;
    }

    /** The type of a number of the engine's. */
    public static Optional<ScalarType> of(long code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
