package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;

/**
 * 4-bit NormalFloat (Dettmers et al. 2023, appendix E): the nearest of 16 values after division by the block's largest
 * magnitude, to the bit as bitsandbytes computes it.
 *
 * @param codes two in a byte
 * @param largest magnitude of each block
 */
record Nf4(byte[] codes, float[] largest) {

    static final int BLOCK = 64;

    /** Quantiles of the normal distribution, with 0 among them. */
    static final float[] VALUES = {
        -1.0f,
        -0.6961928009986877f,
        -0.5250730514526367f,
        -0.39491748809814453f,
        -0.28444138169288635f,
        -0.18477343022823334f,
        -0.09105003625154495f,
        0.0f,
        0.07958029955625534f,
        0.16093020141124725f,
        0.24611230194568634f,
        0.33791524171829224f,
        0.44070982933044434f,
        0.5626170039176941f,
        0.7229568362236023f,
        1.0f
    };

    private static final float[] BOUNDS = Blocks.bounds(VALUES);

    private static final int ZERO = 7;

    static Nf4 of(NDArray matrix) {
        int size = Math.toIntExact(matrix.size());
        byte[] codes = new byte[size / 2];
        float[] largest = new float[size / BLOCK];
        Blocks.each(matrix, BLOCK, (numbers, first, count) -> {
            for (int block = 0; block < count; block++) {
                largest[first + block] = pack(numbers, block * BLOCK, codes, (first + block) * (BLOCK / 2));
            }
        });
        return new Nf4(codes, largest);
    }

    private static float pack(float[] numbers, int from, byte[] codes, int to) {
        float largest = Blocks.largest(numbers, from, BLOCK);
        float factor = 1 / largest;
        for (int i = 0; i < BLOCK / 2; i++) {
            int high = code(numbers[from + 2 * i], factor);
            int low = code(numbers[from + 2 * i + 1], factor);
            codes[to + i] = (byte) (high << 4 | low);
        }
        return largest;
    }

    private static int code(float number, float factor) {
        return Float.isInfinite(factor) ? ZERO : Blocks.nearest(BOUNDS, number * factor);
    }
}
