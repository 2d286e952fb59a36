package dev.lorikeet.train;

import ai.djl.training.listener.TrainingListener;
import dev.lorikeet.base.Progress;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.step.GradientSources;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Options of a run that do not change what it learns.
 *
 * @param name name of the run in tables and charts
 * @param quiet whether to print no lines
 * @param progress shows the steps, given how many there are
 * @param checkpoints settings of the checkpoints; empty: none
 * @param resume whether to resume from the newest checkpoint
 * @param gradients where gradients come from
 */
record RunOptions(
        String name,
        List<TrainingListener> listeners,
        boolean quiet,
        LongFunction<Progress> progress,
        Optional<Checkpoints> checkpoints,
        boolean resume,
        GradientSources gradients) {

    RunOptions {
        listeners = List.copyOf(listeners);
    }
}
