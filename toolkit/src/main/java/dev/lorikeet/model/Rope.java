package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import java.util.List;

/**
 * Rotary positions (Su et al. 2021): pair i of a head's numbers turns by its position times frequency i.
 *
 * @param theta base of the frequencies; 0 without rotary positions
 * @param scaling what becomes of the frequencies in a context longer than the one first trained in
 */
public record Rope(double theta, Scaling scaling) {

    /** Lowers frequencies; in float32 as the reference does, so that long contexts agree. */
    public sealed interface Scaling {
        /** The frequency of a pair, given the unscaled one. */
        float of(int pair, float frequency);
    }

    /** As they are. */
    public record Unscaled() implements Scaling {
        @Override
        public float of(int pair, float frequency) {
            return frequency;
        }
    }

    /** All divided by one factor: positions stand closer together (Chen et al. 2023). */
    public record Linear(double factor) implements Scaling {

        public Linear {
            BadArgumentException.unless(factor > 0, "rotary factor", factor, "more than 0");
        }

        @Override
        public float of(int pair, float frequency) {
            return frequency / (float) factor;
        }
    }

    /**
     * Llama 3.1's: low frequencies are divided by a factor, high ones stay, those between are mixed of both.
     *
     * @param lowFactor turns within the first context at or below which a frequency is low
     * @param highFactor turns within the first context at or above which it is high
     * @param firstContext the context first trained in, in tokens
     */
    public record Llama3(double factor, double lowFactor, double highFactor, int firstContext) implements Scaling {

        public Llama3 {
            BadArgumentException.unless(factor > 0, "rotary factor", factor, "more than 0");
            BadArgumentException.unless(
                    highFactor > lowFactor, "high_freq_factor", highFactor, "more than low_freq_factor, " + lowFactor);
        }

        @Override
        public float of(int pair, float frequency) {
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

    /** Each divided by a number of its own, as GGUF files store Llama 3.1's scaling. */
    public record Divided(List<Float> divisors) implements Scaling {

        public Divided {
            divisors = List.copyOf(divisors);
        }

        @Override
        public float of(int pair, float frequency) {
            return frequency / divisors.get(pair);
        }
    }

    /** Unscaled. */
    public static Rope of(double theta) {
        return new Rope(theta, new Unscaled());
    }

    /** θ^(-2i/d) for i in [0, d/2), scaled. */
    float[] frequencies(int headWidth) {
        float[] values = new float[headWidth / 2];
        for (int i = 0; i < values.length; i++) {
            float exponent = 2f * i / headWidth;
            values[i] = scaling.of(i, 1f / (float) Math.pow(theta, exponent));
        }
        return values;
    }
}
