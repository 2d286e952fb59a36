package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;

/**
 * The block constants of {@link Nf4} quantised again (Dettmers et al. 2023, double quantisation): what is left after taking off
 * their mean, in 8 bits, to the bit as bitsandbytes computes it.
 *
 * @param codes of the constants, positions in {@code values}; filled up to whole blocks
 * @param values of the 256 codes, ascending
 * @param largest magnitude of each block
 * @param offset the mean
 */
record BlockMaxima(byte[] codes, float[] values, float[] largest, float offset) {

    static final int BLOCK = 256;

    private static final int EXPONENTS = 7;

    /** bitsandbytes' CPU code finds the nearest value by way of so many even steps from -1 to 1. */
    private static final int STEPS = (1 << 16) - 1;

    static BlockMaxima of(float[] constants) {
        try (NDManager scope = Torch.manager()) {
            // The engine's mean adds in an order of its own, on which the last bit depends.
            float offset = scope.create(constants).mean().getFloat();
            float[] values = values(scope);
            float[] bounds = Blocks.bounds(values);
            int blocks = (constants.length + BLOCK - 1) / BLOCK;
            float[] rest = new float[blocks * BLOCK];
            for (int i = 0; i < constants.length; i++) {
                rest[i] = constants[i] - offset;
            }
            byte[] codes = new byte[rest.length];
            float[] largest = new float[blocks];
            for (int block = 0; block < blocks; block++) {
                largest[block] = Blocks.largest(rest, block * BLOCK, BLOCK);
                float factor = largest[block] == 0 ? 0 : 1 / largest[block];
                for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
                    codes[i] = (byte) Blocks.nearest(bounds, stepped(rest[i] * factor));
                }
            }
            return new BlockMaxima(codes, values, largest, offset);
        }
    }

    private static float stepped(float number) {
        int step = (int) ((number + 1) * 0.5f * STEPS + 0.5f);
        return step * 2f / STEPS - 1;
    }

    /** Numbers of one decimal exponent and a fraction, the more of them the larger it is (Dettmers 2016, dynamic tree). */
    private static float[] values(NDManager scope) {
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
