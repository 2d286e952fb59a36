package dev.lorikeet.train;

import ai.djl.training.tracker.Tracker;
import dev.lorikeet.base.BadArgumentException;

/**
 * How the learning rate runs over the steps. Any DJL {@link Tracker} will do in its place.
 *
 * @param shape after the warm-up
 * @param warmUpSteps over which the rate rises from 0
 */
public record Schedule(Shape shape, int warmUpSteps) {

    /** The rate after the warm-up. */
    public enum Shape {
        CONSTANT,
        /** Falls to 0 in a straight line. */
        LINEAR,
        /** Falls to 0 along half a cosine (Loshchilov and Hutter 2017). */
        COSINE
    }

    public Schedule {
        BadArgumentException.unless(warmUpSteps >= 0, "warm-up steps", warmUpSteps, "0 or more");
    }

    /** The peak from the first step on, whatever is said of a warm-up elsewhere; with {@link #warmUp} constant after it. */
    public static Schedule constant() {
        return new Schedule(Shape.CONSTANT, 0);
    }

    public static Schedule linear() {
        return new Schedule(Shape.LINEAR, 0);
    }

    public static Schedule cosine() {
        return new Schedule(Shape.COSINE, 0);
    }

    public Schedule warmUp(int steps) {
        return new Schedule(shape, steps);
    }

    /** The rate of each update, counted from 0, in a run of {@code steps} updates. */
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
