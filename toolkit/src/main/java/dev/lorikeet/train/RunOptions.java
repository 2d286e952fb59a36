package dev.lorikeet.train;

import ai.djl.training.listener.TrainingListener;
import dev.lorikeet.train.checkpoint.Checkpoints;
import java.util.List;
import java.util.Optional;

/**
 * Options of a run that do not change what it learns.
 *
 * @param name name of the run in tables and charts
 * @param quiet whether to print no lines
 * @param checkpoints settings of the checkpoints; empty: none
 * @param resume whether to resume from the newest checkpoint
 */
record RunOptions(
        String name,
        List<TrainingListener> listeners,
        boolean quiet,
        Optional<Checkpoints> checkpoints,
        boolean resume) {

    RunOptions {
        listeners = List.copyOf(listeners);
    }
}
