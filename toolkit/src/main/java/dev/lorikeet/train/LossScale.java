package dev.lorikeet.train;

/**
 * The factor that lifts gradients over the smallest float16 (Micikevicius et al. 2018): it doubles after a while without an
 * overflow, and halves at each one.
 */
final class LossScale {

    private static final double START = 1 << 16;
    private static final int PATIENCE = 2000;

    /** Where it stands, as a checkpoint keeps it. */
    record Position(double value, int goodSteps) {}

    private final boolean used;
    private double value;
    private int goodSteps;

    private LossScale(boolean used, double value) {
        this.used = used;
        this.value = value;
    }

    /** 1, always: what other types than float16 need. */
    static LossScale none() {
        return new LossScale(false, 1);
    }

    /** 65,536 at first. */
    static LossScale dynamic() {
        return new LossScale(true, START);
    }

    double value() {
        return value;
    }

    Position position() {
        return new Position(value, goodSteps);
    }

    /** Goes on from where it stood. */
    void goOnFrom(Position position) {
        value = position.value();
        goodSteps = position.goodSteps();
    }

    /** Whether an overflow is to be expected now and then. */
    boolean isUsed() {
        return used;
    }

    /** After each step: whether its gradients were finite. */
    void saw(boolean finite) {
        if (!used) {
            return;
        }
        goodSteps = finite ? goodSteps + 1 : 0;
        if (!finite) {
            value = Math.max(1, value / 2);
        } else if (goodSteps % PATIENCE == 0) {
            value *= 2;
        }
    }
}
