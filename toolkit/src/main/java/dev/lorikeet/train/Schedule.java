package dev.lorikeet.train;

import ai.djl.training.tracker.Tracker;
import dev.lorikeet.base.BadArgumentException;
import java.io.Serializable;

/**
 * A learning-rate schedule: an optional linear warm-up, then a constant, linear or cosine curve. {@link #tracker} gives it as a
 * DJL {@link Tracker}.
 *
 * @param shape the curve after the warm-up
 * @param warmUpSteps steps over which the rate rises from 0
 */
public record Schedule(Shape shape, int warmUpSteps) implements Serializable {

    /** The curve after the warm-up. */
    public enum Shape {
        /** Stays at the peak. */
        CONSTANT,
        /** Falls linearly to 0. */
        LINEAR,
        /** Falls to 0 along half a cosine (Loshchilov and Hutter 2017). */
        COSINE
    }

    public Schedule {
        BadArgumentException.unless(warmUpSteps >= 0, "warm-up steps", warmUpSteps, "0 or more");
    }

    /** The peak rate from the first step on; with {@link #warmUp}, from the end of the warm-up. */
    public static Schedule constant() {
        return new Schedule(Shape.CONSTANT, 0);
    }

    /** Falls linearly from the peak to 0. */
    public static Schedule linear() {
        return new Schedule(Shape.LINEAR, 0);
    }

    /** Falls from the peak to 0 along half a cosine. */
    public static Schedule cosine() {
        return new Schedule(Shape.COSINE, 0);
    }

    /** Rises linearly from 0 to the peak in the first {@code steps} updates. */
    public Schedule warmUp(int steps) {
        return new Schedule(shape, steps);
    }

    /** Creates a tracker that gives the rate of each update, from 0, in a run of {@code steps} updates. */
    public Tracker tracker(double peak, int steps) {
        return update -> (float) (peak * factor(update, steps));
    }

    private double factor(int update, int steps) {
        if (update < warmUpSteps) {
            return (double) update / warmUpSteps;
        }
        double progress = Math.min(1, (double) (update - warmUpSteps) / Math.max(1, steps - warmUpSteps));
        return switch (shape) {
            case CONSTANT -> 1;
            case LINEAR -> 1 - progress;
            case COSINE -> 0.5 * (1 + Math.cos(Math.PI * progress));
        };
    }
}
