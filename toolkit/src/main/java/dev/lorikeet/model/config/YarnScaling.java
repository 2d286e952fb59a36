package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;

/**
 * Divides low frequencies by a factor, keeps high ones, and mixes both between (Peng et al. 2023).
 *
 * @param firstContext the context first trained in, in tokens
 * @param magnitude factor on cosines and sines
 * @param betaFast turns within the first context from which a frequency is high
 * @param betaSlow turns within the first context up to which it is low
 * @param truncate whether the range between begins and ends at whole pairs
 */
public record YarnScaling(
        double factor, int firstContext, double magnitude, double betaFast, double betaSlow, boolean truncate)
        implements RopeScaling {

    public YarnScaling {
        BadArgumentException.unless(factor > 0, "rotary factor", factor, "more than 0");
        BadArgumentException.unless(firstContext > 0, "original context", firstContext, "at least one token");
    }

    /** The magnitude that the paper suggests for a factor. */
    public static double magnitude(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    @Override
    public float[] frequencies(Rope rope, int length) {
        int dimensions = rope.dimensions();
        double low = dimension(betaFast, rope);
        double high = dimension(betaSlow, rope);
        if (truncate) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, dimensions - 1);
        // Else the ramp between them would divide by zero.
        high = low == high ? high + 0.001 : high;
        float[] frequencies = new float[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float period = (float) Math.pow(rope.theta(), 2f * i / dimensions);
            float ramp = (float) ((i - low) / (high - low));
            float kept = 1 - Math.min(1, Math.max(0, ramp));
            frequencies[i] = 1 / ((float) factor * period) * (1 - kept) + 1 / period * kept;
        }
        return frequencies;
    }

    /** The pair, counted in elements, that turns so often within the first context. */
    private double dimension(double turns, Rope rope) {
        return rope.dimensions() * Math.log(firstContext / (turns * 2 * Math.PI)) / (2 * Math.log(rope.theta()));
    }
}
