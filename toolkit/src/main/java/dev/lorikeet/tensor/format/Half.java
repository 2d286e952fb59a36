package dev.lorikeet.tensor.format;

/** Conversion to binary16, which Java 17 lacks. */
public final class Half {

    private static final int INFINITY = 0x7f800000;

    private Half() {}

    /** Writes 16 bits, little-endian. */
    public static void put(byte[] stored, int at, int bits) {
        stored[at] = (byte) bits;
        stored[at + 1] = (byte) (bits >> 8);
    }

    /** Converts binary32 to binary16; values beyond the largest half become infinite, and a NaN stays one. */
    public static int fromFloatBits(int bits) {
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
            return sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24);
        }
        // Rounding up may carry into the exponent, as far as infinity.
        int rebased = magnitude - (112 << 23);
        return sign | rebased + 0xfff + (rebased >> 13 & 1) >> 13;
    }
}
