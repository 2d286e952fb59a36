package dev.lorikeet.model.config;

/**
 * Rotary positions (Su et al. 2021): pair i of a head's elements rotates by its position times frequency i.
 *
 * @param theta base of the frequencies
 * @param dimensions elements of a head that rotate, the first ones; all of them in most models
 * @param scaling what becomes of the frequencies in a context longer than the one first trained in
 */
public record Rope(double theta, int dimensions, RopeScaling scaling) {

    /** Unscaled rotary positions. */
    public static Rope of(double theta, int dimensions) {
        return new Rope(theta, dimensions, new RopeScaling.Unscaled());
    }

    /** Gives θ^(-2i/d) for i in [0, d/2), scaled, in a sequence of {@code length} tokens so far. */
    public float[] frequencies(int length) {
        return scaling.frequencies(this, length);
    }

    /** Gives θ^(-2i/d) for i in [0, d/2). */
    public float[] unscaled() {
        return unscaled(theta);
    }

    /** As {@link #unscaled()}, for another base. */
    public float[] unscaled(double base) {
        float[] values = new float[dimensions / 2];
        for (int i = 0; i < values.length; i++) {
            float exponent = 2f * i / dimensions;
            values[i] = 1f / (float) Math.pow(base, exponent);
        }
        return values;
    }
}
