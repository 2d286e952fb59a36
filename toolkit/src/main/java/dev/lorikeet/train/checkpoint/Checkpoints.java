package dev.lorikeet.train.checkpoint;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.file.AtomicFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the checkpoints of a run. A checkpoint is written every {@code every} steps, at the end, and after an interrupt,
 * of the last finished step. Immutable; each method returns a changed copy.
 *
 * @param folder with a subfolder {@code checkpoint-STEP} for each
 * @param every steps between two checkpoints
 * @param keep how many of the newest are kept
 * @param split name of the validation split whose best checkpoint is kept as well; empty: none
 */
public record Checkpoints(Path folder, int every, int keep, Optional<String> split) {

    public Checkpoints {
        BadArgumentException.required(folder, "checkpoint folder");
        BadArgumentException.unless(every > 0, "every", every, "at least 1 step");
        BadArgumentException.unless(keep > 0, "keep", keep, "at least 1 checkpoint");
    }

    /** A checkpoint every 25 steps, of which the last two are kept. */
    public static Checkpoints in(Path folder) {
        return new Checkpoints(folder, 25, 2, Optional.empty());
    }

    /** Writes as {@link #in(Path)} does. */
    public static Checkpoints in(String folder) {
        return in(Path.of(folder));
    }

    /** Sets the number of steps between two checkpoints. */
    public Checkpoints every(int steps) {
        return new Checkpoints(folder, steps, keep, split);
    }

    /** Sets how many of the newest checkpoints are kept. */
    public Checkpoints keep(int newest) {
        return new Checkpoints(folder, every, newest, split);
    }

    /**
     * Also keeps the checkpoint with the lowest loss on this split. Each checkpoint but that of an interrupt evaluates the
     * whole split, so it should be small.
     *
     * @param validationSplit "validation", unless the run has another name for it
     */
    public Checkpoints keepBest(String validationSplit) {
        return new Checkpoints(folder, every, keep, Optional.of(validationSplit));
    }

    /** Deletes the checkpoints in the folder, so that a new run can use it. */
    public Checkpoints cleared() {
        CheckpointFolder.in(folder).forEach(AtomicFolders::delete);
        return this;
    }

    /** The intact checkpoints, the newest last. Reads all their files. */
    public List<TrainingCheckpoint> all() {
        List<TrainingCheckpoint> all = new ArrayList<>();
        for (Path candidate : CheckpointFolder.in(folder)) {
            try {
                all.add(CheckpointFolder.checkpoint(candidate, CheckpointFolder.read(candidate)));
            } catch (BadFileException e) {
                // A run that resumes reports damaged checkpoints.
            }
        }
        return all;
    }

    /** The intact checkpoint with the most steps. */
    public Optional<TrainingCheckpoint> newest() {
        List<TrainingCheckpoint> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** The intact checkpoint with the lowest loss on the split. */
    public Optional<TrainingCheckpoint> best() {
        return best(all());
    }

    public static Optional<TrainingCheckpoint> best(List<TrainingCheckpoint> checkpoints) {
        return checkpoints.stream()
                .filter(checkpoint -> !Double.isNaN(checkpoint.loss()))
                .min(Comparator.comparingDouble(TrainingCheckpoint::loss));
    }
}
