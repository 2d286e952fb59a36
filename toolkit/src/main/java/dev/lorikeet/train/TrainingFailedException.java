package dev.lorikeet.train;

import dev.lorikeet.base.LorikeetException;
import java.util.Locale;

/** An error ended a training after some steps: the model keeps what it has learned, and {@link #run} is the record until then. */
public final class TrainingFailedException extends LorikeetException {

    private final transient TrainingRun run;

    /** @param totalSteps steps that the run would have had */
    TrainingFailedException(TrainingRun run, int totalSteps, Throwable cause) {
        super(
                String.format(
                        Locale.ROOT,
                        "Training failed after %,d of %,d steps: %s. The model keeps what it has learned; TrainingRun.lastFailed() has "
                                + "the record of the steps",
                        run.steps(),
                        totalSteps,
                        cause.getMessage() == null ? cause : cause.getMessage()),
                cause);
        this.run = run;
    }

    /** The record of the steps before the failure. */
    public TrainingRun run() {
        return run;
    }
}
