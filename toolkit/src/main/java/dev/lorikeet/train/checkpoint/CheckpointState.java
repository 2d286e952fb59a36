package dev.lorikeet.train.checkpoint;

import dev.lorikeet.train.history.History;
import dev.lorikeet.train.step.GradScaler;
import java.util.Map;
import java.util.Objects;

/**
 * The state of a run in a checkpoint, apart from its arrays. The position in the data and the schedule, and the seed of
 * dropout, follow from the number of steps.
 *
 * @param fingerprint what identifies the run
 * @param optimizerSteps updates of the optimizer, without skipped ones
 * @param lossScale state of the gradient scaler
 * @param positions tokens processed so far, padding included
 * @param seconds training time so far
 * @param loss loss on the split that selects the best checkpoint; NaN if not measured
 */
public record CheckpointState(
        Map<String, String> fingerprint,
        int optimizerSteps,
        GradScaler.ScaleState lossScale,
        long positions,
        double seconds,
        double loss,
        History history) {

    public CheckpointState {
        // A file may lack them.
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(lossScale, "loss_scale");
        fingerprint.values().forEach(value -> Objects.requireNonNull(value, "a value of the fingerprint"));
    }

    /** The number of steps done. */
    public int step() {
        return history.steps().size();
    }
}
