package dev.lorikeet.weights.codec;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import dev.lorikeet.tensor.format.Half;

/** Encodes float32 as stored values, rounded to the nearest; ties go to even where the type is a floating one. */
final class Encoders {

    private static final int BLOCK = 32;
    private static final int LARGEST_INT8 = 127;
    private static final int INFINITY = 0x7f800000;

    private Encoders() {}

    static void f16(int[] bits, int blocks, byte[] stored) {
        for (int i = 0; i < blocks; i++) {
            Half.put(stored, 2 * i, Half.fromFloatBits(bits[i]));
        }
    }

    static void bf16(int[] bits, int blocks, byte[] stored) {
        for (int i = 0; i < blocks; i++) {
            Half.put(stored, 2 * i, upperHalf(bits[i]));
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
            Half.put(stored, to, Half.fromFloatBits(floatToRawIntBits(scale)));
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

    private static int upperHalf(int bits) {
        if ((bits & 0x7fffffff) > INFINITY) {
            return bits >>> 16 | 0x40;
        }
        return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }
}
