package dev.lorikeet.train.step;

/**
 * Scales the loss so that small gradients do not underflow in float16 (Micikevicius et al. 2018). The scale doubles after
 * 2,000 steps without an overflow, and halves at each overflow.
 */
public final class GradScaler {

    private static final double INITIAL_SCALE = 1 << 16;
    private static final int GROWTH_INTERVAL = 2000;

    /** The state that a checkpoint stores. */
    public record ScaleState(double scale, int finiteSteps) {}

    private final boolean enabled;
    private double value;
    private int finiteSteps;

    private GradScaler(boolean enabled, double value) {
        this.enabled = enabled;
        this.value = value;
    }

    /** Creates a scaler that always uses 1, for dtypes other than float16. */
    public static GradScaler none() {
        return new GradScaler(false, 1);
    }

    /** Creates a scaler that starts at 65,536. */
    public static GradScaler dynamic() {
        return new GradScaler(true, INITIAL_SCALE);
    }

    public double value() {
        return value;
    }

    public ScaleState state() {
        return new ScaleState(value, finiteSteps);
    }

    /** Resumes from a stored state. */
    public void resumeFrom(ScaleState state) {
        value = state.scale();
        finiteSteps = state.finiteSteps();
    }

    /** Whether the scale is in use, so that an overflow may happen now and then. */
    public boolean isEnabled() {
        return enabled;
    }

    /**
     * Adapts the scale after a step.
     *
     * @param finite whether the gradients of the step were finite
     */
    public void update(boolean finite) {
        if (!enabled) {
            return;
        }
        finiteSteps = finite ? finiteSteps + 1 : 0;
        if (!finite) {
            value = Math.max(1, value / 2);
        } else if (finiteSteps % GROWTH_INTERVAL == 0) {
            value *= 2;
        }
    }
}
