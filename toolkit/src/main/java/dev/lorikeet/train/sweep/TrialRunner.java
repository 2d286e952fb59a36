package dev.lorikeet.train.sweep;

import dev.lorikeet.base.Progress;
import dev.lorikeet.train.TrainingPlan;
import java.util.List;

/** Runs the trials of a sweep: one after another in this process, or spread over a cluster. */
@FunctionalInterface
public interface TrialRunner {

    /**
     * Runs trials on the model of the plan, and tells of each when it ends. An interrupt stops it within a step.
     *
     * @throws dev.lorikeet.base.StoppedException if the thread is interrupted; what was told until then remains
     */
    void run(TrainingPlan plan, List<Trial> trials, Listener listener);

    /** Is told how far the trials are, by one thread. */
    interface Listener {

        /** Shows the steps of the trial that runs now, where they are seen. */
        Progress steps();

        void ended(TrialResult result);
    }

    /** Runs them one after another in this process. */
    static void here(TrainingPlan plan, List<Trial> trials, Listener listener) {
        for (Trial trial : trials) {
            TrialResult result = trial.run(plan, listener.steps());
            if (result.isInterrupted()) {
                return;
            }
            listener.ended(result);
        }
    }
}
