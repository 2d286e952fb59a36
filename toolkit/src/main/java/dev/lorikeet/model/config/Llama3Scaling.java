package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;

/**
 * Llama 3.1's scaling: low frequencies are divided by a factor, high ones stay, those between are mixed of both.
 *
 * @param lowFactor turns within the first context at or below which a frequency is low
 * @param highFactor turns within the first context at or above which it is high
 * @param firstContext the context first trained in, in tokens
 */
public record Llama3Scaling(double factor, double lowFactor, double highFactor, int firstContext)
        implements RopeScaling {

    public Llama3Scaling {
        BadArgumentException.unless(factor > 0, "rotary factor", factor, "more than 0");
        BadArgumentException.unless(
                highFactor > lowFactor, "high_freq_factor", highFactor, "more than low_freq_factor, " + lowFactor);
    }

    @Override
    public float[] frequencies(Rope rope, int length) {
        float[] frequencies = rope.unscaled();
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = scaled(frequencies[i]);
        }
        return frequencies;
    }

    private float scaled(float frequency) {
        float wave = (float) (2 * Math.PI) / frequency;
        if (wave > firstContext / lowFactor) {
            return frequency / (float) factor;
        }
        if (wave < firstContext / highFactor) {
            return frequency;
        }
        float high = (firstContext / wave - (float) lowFactor) / (float) (highFactor - lowFactor);
        return (1 - high) * frequency / (float) factor + high * frequency;
    }
}
