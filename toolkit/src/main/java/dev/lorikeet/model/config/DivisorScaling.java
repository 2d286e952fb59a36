package dev.lorikeet.model.config;

import java.util.List;

/**
 * Divides each frequency by a number of its own, as GGUF files store Llama 3.1's scaling and others that do not look at the length.
 *
 * @param magnitude factor on cosines and sines
 */
public record DivisorScaling(List<Float> divisors, double magnitude) implements RopeScaling {

    public DivisorScaling {
        divisors = List.copyOf(divisors);
    }

    @Override
    public float[] frequencies(Rope rope, int length) {
        float[] frequencies = rope.unscaled();
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= divisors.get(i);
        }
        return frequencies;
    }
}
