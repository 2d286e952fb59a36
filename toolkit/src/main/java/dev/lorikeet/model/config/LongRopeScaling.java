package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;
import java.util.List;

/**
 * Divides each frequency by a number of its own, by other numbers once a sequence is longer than the context first trained in
 * (Ding et al. 2024).
 *
 * @param shortFactors divisors up to that length
 * @param longFactors divisors beyond it
 * @param firstContext the context first trained in, in tokens
 * @param magnitude factor on cosines and sines
 */
public record LongRopeScaling(List<Double> shortFactors, List<Double> longFactors, int firstContext, double magnitude)
        implements RopeScaling {

    public LongRopeScaling {
        shortFactors = List.copyOf(shortFactors);
        longFactors = List.copyOf(longFactors);
        BadArgumentException.unless(
                shortFactors.size() == longFactors.size(),
                "long_factor",
                longFactors.size() + " numbers",
                "as many as short_factor, " + shortFactors.size());
    }

    /** The magnitude that the paper suggests for a context that is {@code factor} times as long. */
    public static double magnitude(double factor, int firstContext) {
        return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(firstContext));
    }

    @Override
    public float[] frequencies(Rope rope, int length) {
        List<Double> divisors = length > firstContext ? longFactors : shortFactors;
        BadArgumentException.unless(
                divisors.size() == rope.dimensions() / 2,
                "rotary factors",
                divisors.size(),
                "one for each pair of elements that rotate, " + rope.dimensions() / 2);
        float[] frequencies = new float[divisors.size()];
        for (int i = 0; i < frequencies.length; i++) {
            float period = (float) Math.pow(rope.theta(), 2f * i / rope.dimensions());
            frequencies[i] = 1 / (divisors.get(i).floatValue() * period);
        }
        return frequencies;
    }

    @Override
    public boolean dependsOnLength() {
        return true;
    }

    @Override
    public boolean outdatesCache(int before, int after) {
        return before > 0 && before <= firstContext && after > firstContext;
    }
}
