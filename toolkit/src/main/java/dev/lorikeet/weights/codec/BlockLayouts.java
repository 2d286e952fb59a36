package dev.lorikeet.weights.codec;

import static dev.lorikeet.weights.codec.Decoders.half;

import dev.lorikeet.weights.codec.BlockLayout.QuantGroup;

/** The layouts of ggml's quantized types that are read. Types with look-up grids (IQ1 to IQ3) are not among them. */
final class BlockLayouts {

    static final BlockLayout Q4_0 = BlockLayout.scaled(32, 4, 8, BlockLayouts::q4v0);
    static final BlockLayout Q4_1 = BlockLayout.affine(32, 4, BlockLayouts::q4v1);
    static final BlockLayout Q5_0 = BlockLayout.scaled(32, 8, 0, BlockLayouts::q5v0);
    static final BlockLayout Q5_1 = BlockLayout.affine(32, 8, BlockLayouts::q5v1);
    static final BlockLayout Q8_0 = BlockLayout.scaled(32, 8, 0, BlockLayouts::q8v0);
    static final BlockLayout Q2_K = BlockLayout.affine(16, 4, BlockLayouts::q2k).inFloat32();
    static final BlockLayout Q3_K =
            BlockLayout.scaled(16, 4, 4, BlockLayouts::q3k).inFloat32();
    static final BlockLayout Q4_K = BlockLayout.affine(32, 4, BlockLayouts::q4k).inFloat32();
    static final BlockLayout Q5_K = BlockLayout.affine(32, 8, BlockLayouts::q5k).inFloat32();
    static final BlockLayout Q6_K =
            BlockLayout.scaled(16, 8, 0, BlockLayouts::q6k).inFloat32();
    static final BlockLayout IQ4_NL = BlockLayout.scaled(32, 8, 0, BlockLayouts::iq4nl);
    static final BlockLayout IQ4_XS =
            BlockLayout.scaled(32, 8, 0, BlockLayouts::iq4xs).inFloat32();
    static final BlockLayout MXFP4 =
            BlockLayout.scaled(32, 8, 0, BlockLayouts::mxfp4).inFloat32();

    /** The codebook of IQ4_NL and IQ4_XS: 16 levels, closer together near 0. */
    private static final int[] NONLINEAR = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    /** The 4-bit floats of MXFP4 (a sign, two bits of exponent, one of fraction), doubled so that they are whole. */
    private static final int[] DOUBLED_E2M1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private BlockLayouts() {}

    /** d (half), then 16 bytes of 4-bit values. */
    private static void q4v0(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = half(stored, from);
        unpack4Bits(stored, from + 2, group);
    }

    /** d and m (halves), then 16 bytes of 4-bit values. */
    private static void q4v1(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = half(stored, from);
        group.minimum = half(stored, from + 2);
        unpack4Bits(stored, from + 4, group);
    }

    /** d, 4 bytes of fifth bits, then 16 bytes of low bits. */
    private static void q5v0(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = half(stored, from);
        unpack4Bits(stored, from + 6, group);
        for (int i = 0; i < 32; i++) {
            group.values[i] += 16 * bit(stored, from + 2, i) - 16;
        }
    }

    /** d and m, 4 bytes of fifth bits, then 16 bytes of low bits. */
    private static void q5v1(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = half(stored, from);
        group.minimum = half(stored, from + 2);
        unpack4Bits(stored, from + 8, group);
        for (int i = 0; i < 32; i++) {
            group.values[i] += 16 * bit(stored, from + 4, i);
        }
    }

    /** d, then 32 signed bytes. */
    private static void q8v0(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = half(stored, from);
        for (int i = 0; i < 32; i++) {
            group.values[i] = stored[from + 2 + i];
        }
    }

    /**
     * 16 bytes, each with a group's scale (low 4 bits) and minimum (high 4 bits); 64 bytes of 2-bit values, each 32 of them for
     * eight groups; then the block's d and dmin.
     */
    private static void q2k(byte[] stored, int from, int index, QuantGroup group) {
        int scales = stored[from + index];
        group.scale = half(stored, from + 80) * (scales & 15);
        group.minimum = -(half(stored, from + 82) * (scales >> 4 & 15));
        int bytes = from + 16 + pairsOffset(index);
        int shift = pairsShift(index);
        for (int i = 0; i < 16; i++) {
            group.values[i] = stored[bytes + i] >> shift & 3;
        }
    }

    /**
     * 32 bytes of third bits, which lower a value by 4 where they are 0; 64 bytes of 2-bit values as in Q2_K; 12 bytes with 16
     * scales of 6 bits, offset by 32: 8 bytes of low nibbles, 4 of pairs of high bits; then the block's d.
     */
    private static void q3k(byte[] stored, int from, int index, QuantGroup group) {
        int low = nibble(stored[from + 96 + index % 8], index / 8);
        int high = stored[from + 104 + index % 4] >> index / 4 * 2 & 3;
        group.scale = half(stored, from + 108) * ((low | high << 4) - 32);
        int thirds = from + index % 2 * 16;
        int bytes = from + 32 + pairsOffset(index);
        int shift = pairsShift(index);
        for (int i = 0; i < 16; i++) {
            int third = stored[thirds + i] >> index / 2 & 1;
            group.values[i] = (stored[bytes + i] >> shift & 3) + 4 * third;
        }
    }

    /** The block's d and dmin, 12 bytes of packed 6-bit scales and minima, then the 4-bit values of two groups per 32 bytes. */
    private static void q4k(byte[] stored, int from, int index, QuantGroup group) {
        scaleAndMinimum(stored, from, index, group);
        for (int i = 0; i < 32; i++) {
            group.values[i] = nibble(stored[from + 16 + index / 2 * 32 + i], index);
        }
    }

    /** As Q4_K, with 32 bytes of fifth bits before the low ones: bit g of byte i belongs to weight i of group g. */
    private static void q5k(byte[] stored, int from, int index, QuantGroup group) {
        scaleAndMinimum(stored, from, index, group);
        for (int i = 0; i < 32; i++) {
            int high = stored[from + 16 + i] >> index & 1;
            group.values[i] = nibble(stored[from + 48 + index / 2 * 32 + i], index) | high << 4;
        }
    }

    /** The scale and the minimum of one of the eight groups of Q4_K and Q5_K, each 6 bits times the block's. */
    private static void scaleAndMinimum(byte[] stored, int from, int index, QuantGroup group) {
        int at = from + 4 + index;
        int scale = index < 4 ? stored[at] & 63 : stored[at + 4] & 15 | stored[at - 4] >> 2 & 48;
        int minimum = index < 4 ? stored[at + 4] & 63 : stored[at + 4] >> 4 & 15 | stored[at] >> 2 & 48;
        group.scale = half(stored, from) * scale;
        group.minimum = -(half(stored, from + 2) * minimum);
    }

    /** 128 bytes of low nibbles, 64 bytes of pairs of high bits, 16 signed bytes of scales, then the block's d. */
    private static void q6k(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = half(stored, from + 208) * stored[from + 192 + index];
        int lows = from + index / 8 * 64 + index % 4 * 16;
        int highs = from + 128 + pairsOffset(index);
        int shift = pairsShift(index);
        for (int i = 0; i < 16; i++) {
            int low = nibble(stored[lows + i], index / 4);
            group.values[i] = (low | (stored[highs + i] >> shift & 3) << 4) - 32;
        }
    }

    /** d, then 16 bytes of 4-bit indices into the codebook. */
    private static void iq4nl(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = half(stored, from);
        unpack4Bits(stored, from + 2, group);
        lookUp(NONLINEAR, group);
    }

    /**
     * The block's d; the high 2 bits of eight scales, offset by 32, in 2 bytes; their low 4 bits in 4 bytes; then 16 bytes of
     * indices a group.
     */
    private static void iq4xs(byte[] stored, int from, int index, QuantGroup group) {
        int low = nibble(stored[from + 4 + index / 2], index);
        int high = stored[from + 2 + index / 4] >> index % 4 * 2 & 3;
        group.scale = half(stored, from) * ((low | high << 4) - 32);
        unpack4Bits(stored, from + 8 + index * 16, group);
        lookUp(NONLINEAR, group);
    }

    /** An exponent of 2 (biased by 127) in a byte, then 16 bytes of 4-bit floats. The scale is halved, since those are doubled. */
    private static void mxfp4(byte[] stored, int from, int index, QuantGroup group) {
        group.scale = Math.scalb(1f, (stored[from] & 255) - 128);
        unpack4Bits(stored, from + 1, group);
        lookUp(DOUBLED_E2M1, group);
    }

    /** 16 bytes: the low nibbles are the group's first 16 values, the high ones the others. */
    private static void unpack4Bits(byte[] stored, int from, QuantGroup group) {
        for (int i = 0; i < 16; i++) {
            group.values[i] = stored[from + i] & 15;
            group.values[i + 16] = stored[from + i] >> 4 & 15;
        }
    }

    private static void lookUp(int[] codebook, QuantGroup group) {
        for (int i = 0; i < 32; i++) {
            group.values[i] = codebook[group.values[i]];
        }
    }

    /**
     * Where the pairs of bits of a group of 16 begin, in types whose 32 bytes hold those of 128 weights: byte i those of
     * weights i, i + 32, i + 64 and i + 96.
     */
    private static int pairsOffset(int index) {
        return index / 8 * 32 + index % 2 * 16;
    }

    /** By how much such a group's bytes are shifted right. */
    private static int pairsShift(int index) {
        return index % 8 / 2 * 2;
    }

    private static int bit(byte[] stored, int from, int index) {
        return stored[from + index / 8] >> index % 8 & 1;
    }

    /** The low nibble for even indices, the high one for odd ones. */
    private static int nibble(byte pair, int index) {
        return pair >> (index & 1) * 4 & 15;
    }
}
