package dev.lorikeet.train;

import dev.lorikeet.train.step.GradScaler;
import java.util.Map;
import java.util.Objects;

/**
 * The state of a run in a checkpoint, apart from its arrays. The position in the data and the schedule, and the seed of
 * dropout, follow from the number of steps.
 *
 * @param fingerprint what identifies the run; see {@link RunFingerprint}
 * @param optimizerSteps updates of the optimizer, without skipped ones
 * @param lossScale state of the gradient scaler
 * @param positions tokens processed so far, padding included
 * @param seconds training time so far
 * @param loss loss on the split that selects the best checkpoint; NaN if not measured
 */
record CheckpointState(
        Map<String, String> fingerprint,
        int optimizerSteps,
        GradScaler.ScaleState lossScale,
        long positions,
        double seconds,
        double loss,
        History history) {

    CheckpointState {
        // A file may lack them.
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(lossScale, "loss_scale");
        fingerprint.values().forEach(value -> Objects.requireNonNull(value, "a value of the fingerprint"));
    }

    /** The number of steps done. */
    int step() {
        return history.steps().size();
    }
}
