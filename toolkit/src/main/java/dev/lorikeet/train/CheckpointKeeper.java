package dev.lorikeet.train;

import dev.lorikeet.base.AtomicFolders;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.LanguageModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the checkpoints of one run, deletes those that need not stay, and finds the one to go on from. */
final class CheckpointKeeper {

    private final Checkpoints settings;
    private final LanguageModel model;
    private final Task<?> task;
    private final Map<String, String> facts;
    private final Consumer<String> say;
    private final List<Checkpoint> kept = new ArrayList<>();

    CheckpointKeeper(
            Checkpoints settings, LanguageModel model, Task<?> task, TuningSettings tuning, Consumer<String> say) {
        this.settings = settings;
        this.model = model;
        this.task = task;
        this.say = say;
        settings.split().filter(name -> !task.validationSplits().contains(name)).ifPresent(name -> {
            throw new UnknownNameException("validation split", name, task.validationSplits());
        });
        this.facts = RunFingerprint.of(model, task, tuning);
    }

    /** A checkpoint and what it says. */
    private record Found(Path folder, RunState state) {}

    /** Begins a new run, for which there must be no checkpoints yet. */
    void begin() {
        BadArgumentException.unless(
                CheckpointFolder.in(settings.folder()).isEmpty(),
                "folder of the checkpoints",
                settings.folder(),
                "one without checkpoints for a new run; resume() goes on from those that are there");
        clear();
    }

    /**
     * The state of the newest intact checkpoint; empty if there is none. Its arrays are restored by {@link #restore}.
     *
     * @throws OtherRunException if it is of another run
     */
    Optional<RunState> resume() {
        clear();
        Found newest = null;
        for (Path folder : CheckpointFolder.in(settings.folder())) {
            try {
                Found found = new Found(folder, CheckpointFolder.read(folder));
                kept.add(CheckpointFolder.checkpoint(folder, found.state()));
                newest = found;
            } catch (BadFileException e) {
                say.accept("Left out a damaged checkpoint: " + e.getMessage());
            }
        }
        if (newest == null) {
            say.accept("There is no checkpoint in " + settings.folder() + " to go on from; the run begins anew");
            return Optional.empty();
        }
        List<String> differences = RunFingerprint.differences(newest.state().facts(), facts);
        if (!differences.isEmpty()) {
            throw new CheckpointMismatchException(newest.folder(), differences);
        }
        return Optional.of(newest.state());
    }

    private void clear() {
        for (Path leftover : AtomicFolders.leftovers(settings.folder())) {
            say.accept("Deleted a checkpoint that was half written or half deleted: " + leftover);
            AtomicFolders.delete(leftover);
        }
    }

    /** Puts the arrays of the newest checkpoint back. */
    void restore(Optimizer optimizer) {
        TrainedArrays.restore(CheckpointFolder.arrays(newest().folder()), model, optimizer);
    }

    private Checkpoint newest() {
        return kept.get(kept.size() - 1);
    }

    boolean isDue(int steps) {
        return steps % settings.every() == 0;
    }

    /** Whether the state after so many steps is on disk. */
    boolean has(int steps) {
        return !kept.isEmpty() && newest().step() == steps;
    }

    /**
     * @param measured whether the loss by which the best is kept is to be measured
     */
    void save(TrainingState ledger, Optimizer optimizer, LossScale scale, boolean measured) {
        double loss = measured ? settings.split().map(task::loss).orElse(Double.NaN) : Double.NaN;
        RunState state = new RunState(
                facts,
                optimizer.steps(),
                scale.position(),
                ledger.positions(),
                ledger.elapsed(),
                loss,
                ledger.history());
        Path folder = CheckpointFolder.write(settings.folder(), state, model, optimizer);
        kept.add(CheckpointFolder.checkpoint(folder, state));
        prune();
    }

    private void prune() {
        List<Checkpoint> staying =
                new ArrayList<>(kept.subList(Math.max(0, kept.size() - settings.keep()), kept.size()));
        Checkpoints.best(kept).filter(best -> !staying.contains(best)).ifPresent(best -> staying.add(0, best));
        List<Path> folders = staying.stream().map(Checkpoint::folder).toList();
        CheckpointFolder.in(settings.folder()).stream()
                .filter(folder -> !folders.contains(folder))
                .forEach(AtomicFolders::delete);
        kept.retainAll(staying);
    }
}
