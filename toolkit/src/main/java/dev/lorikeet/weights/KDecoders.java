package dev.lorikeet.weights;

import static dev.lorikeet.weights.Decoders.half;
import static java.lang.Float.floatToRawIntBits;

/**
 * The "K" formats to float32: blocks of 256 weights, in groups whose own scales are stored in 6 or 8 bits, in units of the
 * block's scale. As ggml's reference code has them.
 */
final class KDecoders {

    private static final int BLOCK = 256;

    /** Weights that share a scale in Q4_K and Q5_K. */
    private static final int GROUP = 32;

    /** Bytes of the eight packed scales and minima. */
    private static final int SCALES = 12;

    /** Weights that share a scale in Q6_K. */
    private static final int SMALL_GROUP = 16;

    private KDecoders() {}

    /**
     * Scale d, minimum scale e, packed scales s and minima m, then nibbles: of each 32 bytes the low ones are one group, the
     * high ones the next; w = (d s) q − e m.
     */
    static void q4k(byte[] stored, int blocks, int[] bits) {
        for (int block = 0, from = 0; block < blocks; block++, from += 144) {
            for (int group = 0; group < BLOCK / GROUP; group++) {
                float scale = half(stored, from) * scale(stored, from + 4, group);
                float minimum = half(stored, from + 2) * minimum(stored, from + 4, group);
                int nibbles = from + 4 + SCALES + group / 2 * GROUP;
                int to = block * BLOCK + group * GROUP;
                for (int i = 0; i < GROUP; i++) {
                    int q = nibble(stored[nibbles + i], group);
                    bits[to + i] = floatToRawIntBits(scale * q - minimum);
                }
            }
        }
    }

    /** As Q4_K, with 32 bytes of fifth bits before the nibbles: bit g of byte i belongs to weight i of group g. */
    static void q5k(byte[] stored, int blocks, int[] bits) {
        for (int block = 0, from = 0; block < blocks; block++, from += 176) {
            int fifths = from + 4 + SCALES;
            for (int group = 0; group < BLOCK / GROUP; group++) {
                float scale = half(stored, from) * scale(stored, from + 4, group);
                float minimum = half(stored, from + 2) * minimum(stored, from + 4, group);
                int nibbles = fifths + GROUP + group / 2 * GROUP;
                int to = block * BLOCK + group * GROUP;
                for (int i = 0; i < GROUP; i++) {
                    int q = nibble(stored[nibbles + i], group) | (stored[fifths + i] >> group & 1) << 4;
                    bits[to + i] = floatToRawIntBits(scale * q - minimum);
                }
            }
        }
    }

    /**
     * In each half of a block 64 bytes of low nibbles, the low ones for the first 64 weights, and (after those of both) 32
     * bytes of pairs of upper bits; then 16 signed scales s, then d; w = (d s)(q − 32).
     */
    static void q6k(byte[] stored, int blocks, int[] bits) {
        for (int block = 0, from = 0; block < blocks; block++, from += 210) {
            float scale = half(stored, from + 208);
            for (int i = 0; i < BLOCK; i++) {
                int half = i / 128;
                int low = nibble(stored[from + half * 64 + i % 64], i / 64);
                int high = stored[from + 128 + half * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
                float groupScale = scale * stored[from + 192 + i / SMALL_GROUP];
                bits[block * BLOCK + i] = floatToRawIntBits(groupScale * ((low | high << 4) - 32));
            }
        }
    }

    /** The low nibble for even numbers, the high one for odd ones. */
    static int nibble(byte pair, int number) {
        return pair >> (number & 1) * 4 & 15;
    }

    /** Of the first four groups the low 6 bits of a byte; of the others a nibble and the two bits left over there. */
    static int scale(byte[] stored, int from, int group) {
        return group < 4
                ? stored[from + group] & 63
                : stored[from + group + 4] & 15 | stored[from + group - 4] >> 2 & 48;
    }

    static int minimum(byte[] stored, int from, int group) {
        return group < 4
                ? stored[from + group + 4] & 63
                : stored[from + group + 4] >> 4 & 15 | stored[from + group] >> 2 & 48;
    }
}
