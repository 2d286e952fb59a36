package dev.lorikeet.train;

import ai.djl.training.listener.TrainingListener;
import java.util.List;
import java.util.Optional;

/**
 * What is around a run without changing what it learns.
 *
 * @param name what tables and charts call it
 * @param quiet whether no lines are printed
 * @param checkpoints empty: none
 * @param resume whether it goes on from the newest checkpoint
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
