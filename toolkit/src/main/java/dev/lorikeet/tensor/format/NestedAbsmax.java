package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.tensor.Torch;
import java.util.Arrays;

/**
 * The absmax of {@link Nf4}'s blocks quantized again (Dettmers et al. 2023, double quantization): their difference from the mean,
 * in 8 bits, to the bit as bitsandbytes computes it.
 *
 * @param values positions in the codebook; filled up to whole blocks
 * @param codebook the 256 values, ascending
 * @param absmax of each block of {@link #BLOCK}
 * @param offset the mean
 */
record NestedAbsmax(byte[] values, float[] codebook, float[] absmax, float offset) {

    static final int BLOCK = 256;

    private static final int EXPONENTS = 7;

    /** bitsandbytes' CPU code finds the nearest value by way of so many even steps from -1 to 1. */
    private static final int STEPS = (1 << 16) - 1;

    /** Bytes of its parts for so many absmax. */
    static long bytes(long count) {
        long blocks = (count + BLOCK - 1) / BLOCK;
        long codebook = BLOCK;
        return blocks * BLOCK + (codebook + blocks + 1) * Float.BYTES;
    }

    static NestedAbsmax of(float[] blockAbsmax) {
        try (NDManager scope = Torch.manager()) {
            // The engine's mean adds in an order of its own, on which the last bit depends.
            float offset = scope.create(blockAbsmax).mean().getFloat();
            float[] codebook = dynamicTree(scope);
            float[] midpoints = Blocks.midpoints(codebook);
            int blocks = (blockAbsmax.length + BLOCK - 1) / BLOCK;
            float[] rest = new float[blocks * BLOCK];
            for (int i = 0; i < blockAbsmax.length; i++) {
                rest[i] = blockAbsmax[i] - offset;
            }
            byte[] values = new byte[rest.length];
            float[] absmax = new float[blocks];
            for (int block = 0; block < blocks; block++) {
                absmax[block] = Blocks.absmax(rest, block * BLOCK, BLOCK);
                float factor = absmax[block] == 0 ? 0 : 1 / absmax[block];
                for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
                    values[i] = (byte) Blocks.nearest(midpoints, stepped(rest[i] * factor));
                }
            }
            return new NestedAbsmax(values, codebook, absmax, offset);
        }
    }

    private static float stepped(float value) {
        int step = (int) ((value + 1) * 0.5f * STEPS + 0.5f);
        return step * 2f / STEPS - 1;
    }

    /** Values of one decimal exponent and a fraction, the more of them the larger it is (Dettmers 2016, dynamic tree). */
    private static float[] dynamicTree(NDManager scope) {
        float[] values = new float[BLOCK];
        int at = 0;
        for (int exponent = 0; exponent < EXPONENTS; exponent++) {
            NDArray bounds = scope.linspace(0.1f, 1f, (1 << exponent) + 1);
            NDArray middles = bounds.get("1:").add(bounds.get(":-1")).div(2f);
            float[] scaled = middles.mul(Math.pow(10, exponent - EXPONENTS + 1)).toFloatArray();
            for (float value : scaled) {
                values[at++] = value;
                values[at++] = -value;
            }
        }
        values[at++] = 0;
        values[at] = 1;
        Arrays.sort(values);
        return values;
    }
}
