package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.train.checkpoint.CheckpointFolder;
import dev.lorikeet.train.checkpoint.CheckpointMismatchException;
import dev.lorikeet.train.checkpoint.CheckpointSpace;
import dev.lorikeet.train.checkpoint.CheckpointState;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.checkpoint.TrainedArrays;
import dev.lorikeet.train.checkpoint.TrainingCheckpoint;
import dev.lorikeet.train.step.GradScaler;
import dev.lorikeet.train.step.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the checkpoints of a run, deletes old ones, and finds the one to resume from. */
final class CheckpointManager {

    private final Checkpoints settings;
    private final LanguageModel model;
    private final Task task;
    private final Map<String, String> fingerprint;
    private final Consumer<String> printer;
    private final List<TrainingCheckpoint> kept = new ArrayList<>();

    CheckpointManager(
            Checkpoints settings, LanguageModel model, Task task, TuningSettings tuning, Consumer<String> printer) {
        this.settings = settings;
        this.model = model;
        this.task = task;
        this.printer = printer;
        settings.split().filter(name -> !task.validationSplits().contains(name)).ifPresent(name -> {
            throw new UnknownNameException("validation split", name, task.validationSplits());
        });
        CheckpointSpace.check(settings, model.parameterBytes().trained());
        this.fingerprint = RunFingerprint.of(model, task, tuning);
    }

    /** A checkpoint folder and the state in it. */
    private record StoredCheckpoint(Path folder, CheckpointState state) {}

    /** Begins a new run; its folder must not hold checkpoints yet. */
    void begin() {
        BadArgumentException.unless(
                CheckpointFolder.in(settings.folder()).isEmpty(),
                "checkpoint folder",
                settings.folder(),
                "a folder without checkpoints for a new run; resume() continues from the newest one");
        deleteIncomplete();
    }

    /**
     * Returns the state of the newest intact checkpoint; empty if there is none. {@link #restore} restores its arrays.
     *
     * @throws CheckpointMismatchException if it belongs to another run
     */
    Optional<CheckpointState> resume() {
        deleteIncomplete();
        StoredCheckpoint newest = null;
        for (Path folder : CheckpointFolder.in(settings.folder())) {
            try {
                StoredCheckpoint stored = new StoredCheckpoint(folder, CheckpointFolder.read(folder));
                kept.add(CheckpointFolder.checkpoint(folder, stored.state()));
                newest = stored;
            } catch (BadFileException e) {
                printer.accept("Skipped a damaged checkpoint: " + e.getMessage());
            }
        }
        if (newest == null) {
            printer.accept("There is no checkpoint in " + settings.folder()
                    + " to resume from; the run starts from the beginning");
            return Optional.empty();
        }
        List<String> differences = RunFingerprint.differences(newest.state().fingerprint(), fingerprint);
        if (!differences.isEmpty()) {
            throw new CheckpointMismatchException(newest.folder(), differences);
        }
        return Optional.of(newest.state());
    }

    private void deleteIncomplete() {
        for (Path leftover : AtomicFolders.leftovers(settings.folder())) {
            printer.accept("Deleted an incomplete checkpoint: " + leftover);
            AtomicFolders.delete(leftover);
        }
    }

    /** Restores the arrays of the newest checkpoint. */
    void restore(Optimizer optimizer) {
        TrainedArrays.restore(CheckpointFolder.arrays(newest().folder()), model, optimizer);
    }

    private TrainingCheckpoint newest() {
        return kept.get(kept.size() - 1);
    }

    boolean isDue(int steps) {
        return steps % settings.every() == 0;
    }

    /** Whether the checkpoint of this step is on disk. */
    boolean has(int step) {
        return !kept.isEmpty() && newest().step() == step;
    }

    /**
     * Writes a checkpoint and deletes old ones.
     *
     * @param measureLoss whether to measure the loss that selects the best checkpoint
     */
    void save(TrainingState progress, Optimizer optimizer, GradScaler gradScaler, boolean measureLoss) {
        double loss = measureLoss
                ? settings.split().map(split -> task.score(split).loss()).orElse(Double.NaN)
                : Double.NaN;
        CheckpointState state = new CheckpointState(
                fingerprint,
                optimizer.steps(),
                gradScaler.state(),
                progress.positions(),
                progress.elapsed(),
                loss,
                progress.history());
        Path folder = CheckpointFolder.write(settings.folder(), state, model, optimizer);
        kept.add(CheckpointFolder.checkpoint(folder, state));
        prune();
    }

    private void prune() {
        List<TrainingCheckpoint> remaining =
                new ArrayList<>(kept.subList(Math.max(0, kept.size() - settings.keep()), kept.size()));
        Checkpoints.best(kept).filter(best -> !remaining.contains(best)).ifPresent(best -> remaining.add(0, best));
        List<Path> folders = remaining.stream().map(TrainingCheckpoint::folder).toList();
        CheckpointFolder.in(settings.folder()).stream()
                .filter(folder -> !folders.contains(folder))
                .forEach(AtomicFolders::delete);
        kept.retainAll(remaining);
    }
}
