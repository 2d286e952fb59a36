package dev.lorikeet.train;

import dev.lorikeet.base.AtomicFolders;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a run leaves its checkpoints, and which. One is written every so many steps, at the end, and after an interrupt, then
 * of the last step that was finished. Immutable; each method gives a changed copy.
 *
 * @param folder that holds a folder {@code checkpoint-STEP} for each
 * @param every steps between two
 * @param keep how many of the newest stay
 * @param split name of the validation split on which the one with the lowest loss stays as well; empty: none
 */
public record Checkpoints(Path folder, int every, int keep, Optional<String> split) {

    public Checkpoints {
        BadArgumentException.unless(every > 0, "every", every, "at least 1 step");
        BadArgumentException.unless(keep > 0, "keep", keep, "at least 1 checkpoint");
    }

    /** One every 25 steps, of which the last two stay. */
    public static Checkpoints in(Path folder) {
        return new Checkpoints(folder, 25, 2, Optional.empty());
    }

    public Checkpoints every(int steps) {
        return new Checkpoints(folder, steps, keep, split);
    }

    public Checkpoints keep(int newest) {
        return new Checkpoints(folder, every, newest, split);
    }

    /**
     * Keeps the one with the lowest loss on this split too. All of it is looked at for each checkpoint but that of an
     * interrupt, so it should be small.
     *
     * @param validationSplit "validation", unless the run was given it under another name
     */
    public Checkpoints keepBest(String validationSplit) {
        return new Checkpoints(folder, every, keep, Optional.of(validationSplit));
    }

    /** Deletes those that earlier runs have left in the folder, so that a run may begin anew there. */
    public Checkpoints cleared() {
        CheckpointFolder.in(folder).forEach(AtomicFolders::delete);
        return this;
    }

    /** The intact ones that are there, the newest last. Each is read whole. */
    public List<Checkpoint> all() {
        List<Checkpoint> all = new ArrayList<>();
        for (Path candidate : CheckpointFolder.in(folder)) {
            try {
                all.add(CheckpointFolder.checkpoint(candidate, CheckpointFolder.read(candidate)));
            } catch (BadFileException e) {
                // A damaged one is none; a run that goes on says so.
            }
        }
        return all;
    }

    /** The intact one with the most steps. */
    public Optional<Checkpoint> newest() {
        List<Checkpoint> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** The intact one with the lowest loss on the split. */
    public Optional<Checkpoint> best() {
        return best(all());
    }

    static Optional<Checkpoint> best(List<Checkpoint> checkpoints) {
        return checkpoints.stream()
                .filter(checkpoint -> !Double.isNaN(checkpoint.loss()))
                .min(Comparator.comparingDouble(Checkpoint::loss));
    }
}
