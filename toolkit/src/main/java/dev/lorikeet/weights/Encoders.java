package dev.lorikeet.weights;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

/** Float32 to stored weights, rounded to the nearest, ties to even where the type is a floating one. */
final class Encoders {

    private static final int BLOCK = 32;
    private static final int MOST = 127;
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

    /** d = max |w| / 127, then 32 signed bytes round(w / d), ties away from zero, as ggml's reference code has it. */
    static void q8v0(int[] bits, int blocks, byte[] stored) {
        for (int block = 0, to = 0; block < blocks; block++, to += 34) {
            float largest = 0;
            for (int i = 0; i < BLOCK; i++) {
                largest = Math.max(largest, Math.abs(intBitsToFloat(bits[block * BLOCK + i])));
            }
            float scale = largest / MOST;
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
        int rounded = Math.min(MOST, magnitude - whole >= 0.5f ? whole + 1 : whole);
        return (byte) (value < 0 ? -rounded : rounded);
    }

    static void put(byte[] stored, int at, int two) {
        stored[at] = (byte) two;
        stored[at + 1] = (byte) (two >> 8);
    }

    /** Binary32 to binary16; what is beyond the largest half becomes infinite, and a NaN stays one. */
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
