package dev.lorikeet.train.sweep;

import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.TrainingRun.Ending;
import dev.lorikeet.train.score.Score;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What came of a trial.
 *
 * @param parameters how many were trained
 * @param run the record of the training; empty if it failed before its first step
 * @param validation the score on the whole validation split; {@link Score#NONE} if there is none, or the training failed
 * @param failure what went wrong; empty if nothing did
 */
public record TrialResult(Trial trial, long parameters, Optional<TrainingRun> run, Score validation, String failure)
        implements Serializable {

    private static final Set<Ending> WHOLE = EnumSet.of(Ending.COMPLETED, Ending.STEP_LIMIT, Ending.EARLY);

    /** Whether the training came to its end and its loss can be compared. */
    public boolean isWhole() {
        return run.filter(done -> WHOLE.contains(done.ending())).isPresent() && Double.isFinite(loss());
    }

    /** Whether an interrupt ended the training. */
    public boolean isInterrupted() {
        return run.filter(TrainingRun::interrupted).isPresent();
    }

    /** The validation loss; the mean training loss of the run where nothing was validated. */
    public double loss() {
        return validation.examples() > 0
                ? validation.loss()
                : run.map(TrainingRun::loss).orElse(Double.NaN);
    }

    /** How the training ended, such as "completed". */
    public String ending() {
        return failure.isEmpty() ? run.orElseThrow().ending().description() : "failed: " + failure;
    }
}
