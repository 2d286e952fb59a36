package dev.lorikeet.model.config;

/**
 * Changes the frequencies of rotary positions, so that a model reads a context longer than the one it was first trained in.
 * Computes in float32 as the reference does, so that long contexts agree.
 */
public interface RopeScaling {

    /**
     * Gives a frequency for each pair of elements.
     *
     * @param length tokens of the sequence so far
     */
    float[] frequencies(Rope rope, int length);

    /** The factor on cosines and sines. */
    default double magnitude() {
        return 1;
    }

    /** Whether frequencies change as a sequence grows. */
    default boolean dependsOnLength() {
        return false;
    }

    /** Whether keys in a cache that was filled up to {@code before} tokens cannot be used at {@code after} tokens. */
    default boolean outdatesCache(int before, int after) {
        return false;
    }

    /** Leaves frequencies as they are. */
    record Unscaled() implements RopeScaling {

        @Override
        public float[] frequencies(Rope rope, int length) {
            return rope.unscaled();
        }
    }
}
