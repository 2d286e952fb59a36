package dev.lorikeet.weights.codec;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

/** Encodes float32 as stored values, rounded to the nearest; ties go to even where the type is a floating one. */
final class Encoders {

    private static final int BLOCK = 32;
    private static final int LARGEST_INT8 = 127;
    private static final int INFINITY = 0x7f800000;

    private Encoders() {}

    static void f16(int[] bits, int blocks, byte[] stored) {
        for (int i = 0; i < blocks; i++) {
            put(stored, 2 * i, floatBitsToHalf(bits[i]));
        }
    }

    static void bf16(int[] bits, int blocks, byte[] stored) {
        for (int i = 0; i < blocks; i++) {
            put(stored, 2 * i, upperHalf(bits[i]));
        }
    }

    /** d = max |w| / 127, then 32 signed bytes round(w / d); ties go away from zero, as in ggml's reference code. */
    static void q8v0(int[] bits, int blocks, byte[] stored) {
        for (int block = 0, to = 0; block < blocks; block++, to += 34) {
            float absmax = 0;
            for (int i = 0; i < BLOCK; i++) {
                absmax = Math.max(absmax, Math.abs(intBitsToFloat(bits[block * BLOCK + i])));
            }
            float scale = absmax / LARGEST_INT8;
            float inverse = scale == 0 ? 0 : 1 / scale;
            put(stored, to, floatBitsToHalf(floatToRawIntBits(scale)));
            for (int i = 0; i < BLOCK; i++) {
                stored[to + 2 + i] = nearest(intBitsToFloat(bits[block * BLOCK + i]) * inverse);
            }
        }
    }

    private static byte nearest(float value) {
        float magnitude = Math.abs(value);
        int whole = (int) magnitude;
        // Adding a half first would itself round.
        int rounded = Math.min(LARGEST_INT8, magnitude - whole >= 0.5f ? whole + 1 : whole);
        return (byte) (value < 0 ? -rounded : rounded);
    }

    /** Writes 16 bits, little-endian. */
    static void put(byte[] stored, int at, int bits) {
        stored[at] = (byte) bits;
        stored[at + 1] = (byte) (bits >> 8);
    }

    /** Converts binary32 to binary16; values beyond the largest half become infinite, and a NaN stays one. */
    static int floatBitsToHalf(int bits) {
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > INFINITY) {
            return sign | 0x7e00 | magnitude >> 13 & 0x3ff;
        }
        if (magnitude >= 143 << 23) {
            return sign | 0x7c00;
        }
        if (magnitude < 113 << 23) {
            // A subnormal is its fraction in units of 2^-24; 1024 of them are the smallest normal number.
            return sign | (int) Math.rint(intBitsToFloat(magnitude) * 0x1p24);
        }
        // Rounding up may carry into the exponent, as far as infinity.
        int rebased = magnitude - (112 << 23);
        return sign | rebased + 0xfff + (rebased >> 13 & 1) >> 13;
    }

    private static int upperHalf(int bits) {
        if ((bits & 0x7fffffff) > INFINITY) {
            return bits >>> 16 | 0x40;
        }
        return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }
}
