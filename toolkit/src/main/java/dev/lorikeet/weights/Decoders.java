package dev.lorikeet.weights;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Stored weights to float32 (and 16-bit integers to 32). The block formats are those of ggml's reference code. */
final class Decoders {

    private static final int BLOCK = 32;
    private static final int HALF_BLOCK = BLOCK / 2;
    private static final int NIBBLES = 16;
    private static final int FIVE_BITS = 32;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Decoders() {}

    static void f64(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = floatToRawIntBits((float) Double.longBitsToDouble((long) LONGS.get(stored, Long.BYTES * i)));
        }
    }

    static void f16(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = halfToFloatBits(two(stored, 2 * i));
        }
    }

    static void bf16(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = two(stored, 2 * i) << 16;
        }
    }

    static void i16(byte[] stored, int blocks, int[] bits) {
        for (int i = 0; i < blocks; i++) {
            bits[i] = two(stored, 2 * i);
        }
    }

    /** Scale d, then 16 bytes: the low nibbles are weights 0 to 15, the high ones 16 to 31; w = d (q − 8). */
    static void q4v0(byte[] stored, int blocks, int[] bits) {
        int[] values = new int[NIBBLES];
        for (int block = 0, from = 0; block < blocks; block++, from += 18) {
            float scale = half(stored, from);
            for (int q = 0; q < NIBBLES; q++) {
                values[q] = floatToRawIntBits(scale * (q - 8));
            }
            look(stored, from + 2, values, bits, block * BLOCK);
        }
    }

    /** Scale d, minimum m, then nibbles as in Q4_0; w = d q + m. */
    static void q4v1(byte[] stored, int blocks, int[] bits) {
        int[] values = new int[NIBBLES];
        for (int block = 0, from = 0; block < blocks; block++, from += 20) {
            float scale = half(stored, from);
            float minimum = half(stored, from + 2);
            for (int q = 0; q < NIBBLES; q++) {
                values[q] = floatToRawIntBits(scale * q + minimum);
            }
            look(stored, from + 4, values, bits, block * BLOCK);
        }
    }

    /** The values of a block's nibbles. */
    private static void look(byte[] stored, int from, int[] values, int[] bits, int to) {
        for (int i = 0; i < HALF_BLOCK; i++) {
            int pair = stored[from + i];
            bits[to + i] = values[pair & 15];
            bits[to + HALF_BLOCK + i] = values[pair >> 4 & 15];
        }
    }

    /** Scale d, the fifth bits of all weights in 4 bytes, then nibbles as in Q4_0; w = d (q − 16). */
    static void q5v0(byte[] stored, int blocks, int[] bits) {
        int[] values = new int[FIVE_BITS];
        for (int block = 0, from = 0; block < blocks; block++, from += 22) {
            float scale = half(stored, from);
            for (int q = 0; q < FIVE_BITS; q++) {
                values[q] = floatToRawIntBits(scale * (q - 16));
            }
            look(stored, from + 6, (int) INTS.get(stored, from + 2), values, bits, block * BLOCK);
        }
    }

    /** Scale d, minimum m, then as Q5_0; w = d q + m. */
    static void q5v1(byte[] stored, int blocks, int[] bits) {
        int[] values = new int[FIVE_BITS];
        for (int block = 0, from = 0; block < blocks; block++, from += 24) {
            float scale = half(stored, from);
            float minimum = half(stored, from + 2);
            for (int q = 0; q < FIVE_BITS; q++) {
                values[q] = floatToRawIntBits(scale * q + minimum);
            }
            look(stored, from + 8, (int) INTS.get(stored, from + 4), values, bits, block * BLOCK);
        }
    }

    /** As above, with a fifth bit for each nibble. */
    private static void look(byte[] stored, int from, int fifths, int[] values, int[] bits, int to) {
        for (int i = 0; i < HALF_BLOCK; i++) {
            int pair = stored[from + i];
            bits[to + i] = values[pair & 15 | fifths >> i << 4 & 16];
            bits[to + HALF_BLOCK + i] = values[pair >> 4 & 15 | fifths >> i + HALF_BLOCK << 4 & 16];
        }
    }

    /** Scale d, then 32 signed bytes; w = d q. */
    static void q8v0(byte[] stored, int blocks, int[] bits) {
        for (int block = 0, from = 0; block < blocks; block++, from += 34) {
            float scale = half(stored, from);
            for (int i = 0; i < BLOCK; i++) {
                bits[block * BLOCK + i] = floatToRawIntBits(scale * stored[from + 2 + i]);
            }
        }
    }

    private static short two(byte[] stored, int at) {
        return (short) (stored[at] & 255 | stored[at + 1] << 8);
    }

    static float half(byte[] stored, int at) {
        return intBitsToFloat(halfToFloatBits(two(stored, at)));
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
            // A subnormal is its fraction in units of 2^-24.
            return sign | floatToRawIntBits((half & 0x3ff) * 0x1p-24f);
        }
        return sign | shifted + (112 << 23);
    }
}
