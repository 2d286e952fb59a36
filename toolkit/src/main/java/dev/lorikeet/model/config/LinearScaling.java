package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;

/** Divides all frequencies by one factor: positions stand closer together (Chen et al. 2023). */
public record LinearScaling(double factor) implements RopeScaling {

    public LinearScaling {
        BadArgumentException.unless(factor > 0, "rotary factor", factor, "more than 0");
    }

    @Override
    public float[] frequencies(Rope rope, int length) {
        float[] frequencies = rope.unscaled();
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= (float) factor;
        }
        return frequencies;
    }
}
