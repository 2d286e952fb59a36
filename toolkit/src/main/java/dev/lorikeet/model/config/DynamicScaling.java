package dev.lorikeet.model.config;

import dev.lorikeet.base.BadArgumentException;

/**
 * Raises the base as a sequence grows beyond the context first trained in (dynamic NTK scaling).
 *
 * @param factor of the context
 * @param firstContext the context first trained in, in tokens
 */
public record DynamicScaling(double factor, int firstContext) implements RopeScaling {

    public DynamicScaling {
        BadArgumentException.unless(factor > 0, "rotary factor", factor, "more than 0");
    }

    @Override
    public float[] frequencies(Rope rope, int length) {
        double stretched = factor * Math.max(length, firstContext) / firstContext - (factor - 1);
        double dimensions = rope.dimensions();
        return rope.unscaled(rope.theta() * Math.pow(stretched, dimensions / (dimensions - 2)));
    }

    @Override
    public boolean dependsOnLength() {
        return true;
    }
}
