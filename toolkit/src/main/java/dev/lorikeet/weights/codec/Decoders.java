package dev.lorikeet.weights.codec;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decodes stored floats to float32, and 16-bit integers to 32 bits. */
final class Decoders {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Decoders() {}

    static void f64(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = floatToRawIntBits((float) Double.longBitsToDouble((long) LONGS.get(stored, Long.BYTES * i)));
        }
    }

    static void f16(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = halfToFloatBits(int16(stored, 2 * i));
        }
    }

    static void bf16(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = int16(stored, 2 * i) << 16;
        }
    }

    static void i16(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = int16(stored, 2 * i);
        }
    }

    private static short int16(byte[] stored, int at) {
        return (short) (stored[at] & 255 | stored[at + 1] << 8);
    }

    /** Reads the half at {@code at}. */
    static float half(byte[] stored, int at) {
        return intBitsToFloat(halfToFloatBits(int16(stored, at)));
    }

    /** Converts IEEE 754 binary16 to binary32; exact, and a NaN keeps its payload. */
    static int halfToFloatBits(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >> 10 & 0x1f;
        int shifted = (half & 0x7fff) << 13;
        if (exponent == 0x1f) {
            return sign | 0x7f800000 | shifted;
        }
        if (exponent == 0) {
            // A subnormal is its fraction in units of 2^-24.
            return sign | floatToRawIntBits((half & 0x3ff) * 0x1p-24f);
        }
        return sign | shifted + (112 << 23);
    }
}
