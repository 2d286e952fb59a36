package dev.lorikeet.weights;

import java.nio.ByteBuffer;

/** Stored weights to float32 (and 16-bit integers to 32). The block formats are those of ggml's reference code. */
final class Decoders {

    private static final int BLOCK = 32;

    private Decoders() {}

    static void f64(ByteBuffer stored, ByteBuffer memory) {
        for (int from = 0, to = 0; from < stored.capacity(); from += 8, to += 4) {
            memory.putFloat(to, (float) stored.getDouble(from));
        }
    }

    static void f16(ByteBuffer stored, ByteBuffer memory) {
        for (int from = 0, to = 0; from < stored.capacity(); from += 2, to += 4) {
            memory.putInt(to, halfToFloatBits(stored.getShort(from)));
        }
    }

    static void bf16(ByteBuffer stored, ByteBuffer memory) {
        for (int from = 0, to = 0; from < stored.capacity(); from += 2, to += 4) {
            memory.putInt(to, stored.getShort(from) << 16);
        }
    }

    static void i16(ByteBuffer stored, ByteBuffer memory) {
        for (int from = 0, to = 0; from < stored.capacity(); from += 2, to += 4) {
            memory.putInt(to, stored.getShort(from));
        }
    }

    /** Scale d, then 16 bytes: the low nibbles are weights 0 to 15, the high ones 16 to 31; w = d (q − 8). */
    static void q4v0(ByteBuffer stored, ByteBuffer memory) {
        for (int from = 0, to = 0; from < stored.capacity(); from += 18, to += 4 * BLOCK) {
            float scale = half(stored, from);
            for (int i = 0; i < BLOCK / 2; i++) {
                int pair = stored.get(from + 2 + i);
                memory.putFloat(to + 4 * i, scale * ((pair & 15) - 8));
                memory.putFloat(to + 4 * i + 2 * BLOCK, scale * ((pair >> 4 & 15) - 8));
            }
        }
    }

    /** Scale d, minimum m, then nibbles as in Q4_0; w = d q + m. */
    static void q4v1(ByteBuffer stored, ByteBuffer memory) {
        for (int from = 0, to = 0; from < stored.capacity(); from += 20, to += 4 * BLOCK) {
            float scale = half(stored, from);
            float minimum = half(stored, from + 2);
            for (int i = 0; i < BLOCK / 2; i++) {
                int pair = stored.get(from + 4 + i);
                memory.putFloat(to + 4 * i, scale * (pair & 15) + minimum);
                memory.putFloat(to + 4 * i + 2 * BLOCK, scale * (pair >> 4 & 15) + minimum);
            }
        }
    }

    /** Scale d, then 32 signed bytes; w = d q. */
    static void q8v0(ByteBuffer stored, ByteBuffer memory) {
        for (int from = 0, to = 0; from < stored.capacity(); from += 34, to += 4 * BLOCK) {
            float scale = half(stored, from);
            for (int i = 0; i < BLOCK; i++) {
                memory.putFloat(to + 4 * i, scale * stored.get(from + 2 + i));
            }
        }
    }

    private static float half(ByteBuffer stored, int at) {
        return Float.intBitsToFloat(halfToFloatBits(stored.getShort(at)));
    }

    /** IEEE 754 binary16 to binary32; exact, and a NaN keeps its payload. */
    static int halfToFloatBits(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >> 10 & 0x1f;
        int shifted = (half & 0x7fff) << 13;
        if (exponent == 0x1f) {
            return sign | 0x7f800000 | shifted;
        }
        if (exponent == 0) {
            // A subnormal is its mantissa in units of 2^-24.
            return sign | Float.floatToRawIntBits((half & 0x3ff) * 0x1p-24f);
        }
        return sign | shifted + (112 << 23);
    }
}
