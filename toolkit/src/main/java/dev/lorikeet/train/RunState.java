package dev.lorikeet.train;

import java.util.Map;

/**
 * What a checkpoint keeps of a run beside its arrays. Where the data and the schedule stand, and what dropout draws next,
 * follows from the number of steps.
 *
 * @param facts what the run is, by name; see {@link RunFingerprint}
 * @param updates of the optimizer, without those that were left out
 * @param positions tokens so far, padding included
 * @param seconds that the run has taken
 * @param loss on the split by which the best is kept; NaN if it was not measured
 */
record RunState(
        Map<String, String> facts,
        int updates,
        LossScale.Position scale,
        long positions,
        double seconds,
        double loss,
        History history) {

    /** Steps that were done. */
    int step() {
        return history.steps().size();
    }
}
