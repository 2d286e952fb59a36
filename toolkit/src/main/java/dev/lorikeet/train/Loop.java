package dev.lorikeet.train;

import ai.djl.engine.Engine;
import ai.djl.training.tracker.Tracker;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.TrainingRun.Ending;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The loop around the step: epochs, evaluations, early stopping, checkpoints, listeners, what is printed and recorded.
 *
 * @param <B> kind of batch
 */
final class Loop<B> {

    private final LanguageModel model;
    private final Task<B> task;
    private final TuningSettings settings;
    private final RunOptions options;
    private final int stepsPerEpoch;
    private final int totalSteps;
    private final Ending last;
    private final Tracker rate;
    private TrainingState ledger;

    Loop(LanguageModel model, Task<B> task, TuningSettings settings, RunOptions options) {
        this.model = model;
        this.task = task;
        this.settings = settings;
        this.options = options;
        this.stepsPerEpoch = (task.perEpoch() + settings.accumulation() - 1) / settings.accumulation();
        int all = stepsPerEpoch * settings.epochs();
        this.totalSteps = settings.maxSteps() == 0 ? all : Math.min(all, settings.maxSteps());
        this.last = totalSteps < all ? Ending.STEP_LIMIT : Ending.COMPLETED;
        this.rate = settings.schedule().tracker(settings.optimizer().learningRate(), totalSteps);
    }

    /** What works on a run while it lasts. */
    private record TrainerContext<B>(
            Step<B> step,
            Optimizer optimizer,
            LossScale scale,
            Optional<CheckpointKeeper> keeper,
            Listeners heard,
            RunMemory memory,
            Progress progress,
            RunDisplay display) {

        void saveAfter(TrainingState ledger, boolean due, boolean measured) {
            keeper.filter(k -> ledger.steps() > 0 && !k.has(ledger.steps()) && (due || k.isDue(ledger.steps())))
                    .ifPresent(k -> k.save(ledger, optimizer, scale, measured));
        }
    }

    TrainingRun run() {
        Engine.getInstance().setRandomSeed((int) settings.seed());
        ledger = TrainingState.empty(stepsPerEpoch);
        sayWhatIsLeftOut();
        Optional<CheckpointKeeper> keeper = options.checkpoints()
                .map(checkpoints -> new CheckpointKeeper(checkpoints, model, task, settings, this::say));
        Optional<RunState> before = keeper.flatMap(this::stateBefore);
        Ending ending;
        MemoryBreakdown memory;
        try (Optimizer optimizer = new Optimizer(settings.optimizer(), model.parameters(), model.manager());
                BackwardPass gradients = new BackwardPass(model, settings.memory(), settings.seed());
                RunMemory measured = new RunMemory(model, optimizer, gradients);
                Listeners heard = Listeners.of(options.listeners(), model, task.perEpoch());
                Progress progress = Progress.start("Training", totalSteps);
                RunDisplay display = display()) {
            LossScale scale = model.precision() == DType.FLOAT16 ? LossScale.dynamic() : LossScale.none();
            Step<B> step = new Step<>(task.objective(), gradients, optimizer, scale, settings.maxNorm());
            TrainerContext<B> crew =
                    new TrainerContext<>(step, optimizer, scale, keeper, heard, measured, progress, display);
            before.ifPresent(state -> takeUp(state, crew));
            ending = epochs(crew);
            if (ending == Ending.EARLY) {
                progress.complete(lossAndPace());
            }
            memory = measured.breakdown(options.name());
        }
        model.forgetGradients();
        TrainingRun run =
                new TrainingRun(options.name(), settings, ledger.history(), ledger.elapsed(), memory, ending, flops());
        say(
                ending == last
                        ? String.format(Locale.ROOT, "Training completed in %.2f minutes.", run.seconds() / 60)
                        : run.toString());
        return run;
    }

    private RunDisplay display() {
        return options.quiet() ? RunDisplay.none(options.name()) : RunDisplays.current.apply(options.name());
    }

    private Optional<RunState> stateBefore(CheckpointKeeper keeper) {
        if (options.resume()) {
            return keeper.resume();
        }
        keeper.begin();
        return Optional.empty();
    }

    private void takeUp(RunState state, TrainerContext<B> crew) {
        crew.keeper().orElseThrow().restore(crew.optimizer());
        ledger = new TrainingState(state.history(), stepsPerEpoch, state.positions(), state.seconds());
        crew.optimizer().goOnAfter(state.updates());
        crew.step().goOnAfter(state.step());
        crew.scale().goOnFrom(state.scale());
        crew.heard().goOnAfter((long) state.step() / stepsPerEpoch * task.perEpoch() + batchesDone());
        crew.progress().at(state.step(), "");
        say(String.format(
                Locale.ROOT,
                "Going on after step %d of %d, as it was at its checkpoint: weights, optimizer, schedule, data, dropout, history",
                state.step(),
                totalSteps));
    }

    private Ending epochs(TrainerContext<B> crew) {
        try {
            if (ledger.steps() > 0) {
                measure();
            }
            Ending ending = ending();
            while (ending == null) {
                ending = epoch(crew);
            }
            if (ending != Ending.DIVERGED) {
                crew.saveAfter(ledger, true, true);
            }
            return ending;
        } catch (StoppedException e) {
            saveAfterStop(crew);
            return Ending.INTERRUPTED;
        }
    }

    /** A second interrupt ends this as well: then the checkpoint before is the newest. */
    private void saveAfterStop(TrainerContext<B> crew) {
        try {
            crew.saveAfter(ledger, true, false);
        } catch (StoppedException e) {
            say("Writing a checkpoint of the last step was stopped");
        }
    }

    /** What is left of an epoch, or what of it the limit of steps or early stopping leaves; null if another one follows. */
    private Ending epoch(TrainerContext<B> crew) {
        List<B> all = task.epoch(ledger.steps() / stepsPerEpoch);
        int done = batchesDone();
        Ending ending = null;
        while (done < all.size() && ending == null) {
            StoppedException.check("Training was stopped");
            List<B> micro = all.subList(done, Math.min(all.size(), done + settings.accumulation()));
            if (!update(crew, micro, rate.getNewValue(ledger.steps()))) {
                return Ending.DIVERGED;
            }
            done += micro.size();
            log();
            measure();
            crew.display().at(ledger::history);
            if (ledger.atEpochEnd()) {
                crew.heard().epoch();
            }
            crew.saveAfter(ledger, false, true);
            ending = ending();
        }
        return ending;
    }

    /** Micro-batches of the present epoch. */
    private int batchesDone() {
        return ledger.steps() % stepsPerEpoch * settings.accumulation();
    }

    /** Why the run is over; null if it is not. */
    private Ending ending() {
        if (ledger.steps() >= totalSteps) {
            return last;
        }
        boolean enough =
                settings.patience() > 0 && task.hasValidation() && ledger.evaluationsSinceBest() >= settings.patience();
        return enough ? Ending.EARLY : null;
    }

    /** False if the gradients were no numbers, and nothing but the loss scale explains it; the parameters are then as before. */
    private boolean update(TrainerContext<B> crew, List<B> micro, double rate) {
        Objective<B> objective = task.objective();
        crew.memory()
                .beforeStep(micro.stream().mapToLong(objective::positions).max().orElse(0));
        long began = System.nanoTime();
        Step.Result result =
                crew.step().run(micro, rate, (batch, seen) -> crew.heard().batch(objective.examples(batch), seen));
        double took = (System.nanoTime() - began) / 1e9;
        crew.memory().afterStep();
        ledger.add(result, micro, objective, rate, took);
        crew.progress().at(ledger.steps(), lossAndPace());
        return result.applied() || crew.step().expectsOverflows();
    }

    private String lossAndPace() {
        return String.format(
                Locale.ROOT, "loss %.3f, %.0f tokens/s", ledger.meanLoss(1), ledger.tokensSeen() / ledger.elapsed());
    }

    private void log() {
        int every = settings.logEvery();
        if (every > 0 && ledger.steps() % every == 0) {
            say(String.format(
                    Locale.ROOT,
                    "Step %4d of %d: training loss %.4f",
                    ledger.steps(),
                    totalSteps,
                    ledger.meanLoss(every)));
        }
    }

    /** Looks at how the model does, if it is time to after the last update and a stop did not come after that. */
    private void measure() {
        if (isEvaluationDue() && !ledger.isEvaluated()) {
            evaluate();
        }
        if (task.isWatched()
                && settings.evaluateEvery() > 0
                && (ledger.atEpochEnd() || ending() != null)
                && !ledger.isEpochEndMeasured()) {
            measureAccuracies();
        }
    }

    private boolean isEvaluationDue() {
        return task.isWatched() && settings.evaluateEvery() > 0 && ledger.step() % settings.evaluateEvery() == 0;
    }

    private void evaluate() {
        Score onTrain = task.onTraining();
        Score onValidation = task.onValidation();
        ledger.add(onTrain, onValidation);
        String ofValidation = task.hasValidation() ? ", validation loss " + task.inWords(onValidation.loss()) : "";
        say(String.format(
                Locale.ROOT,
                "Epoch %d, step %3d: training loss %.3f%s",
                ledger.step() / stepsPerEpoch + 1,
                ledger.step(),
                onTrain.loss(),
                ofValidation));
    }

    private void measureAccuracies() {
        double onTrain = task.onTraining().accuracy();
        double onValidation = task.onValidation().accuracy();
        ledger.addEpochEnd(onTrain, onValidation);
        say(String.format(
                Locale.ROOT,
                "After %s: training accuracy %.2f %%%s",
                epochsInWords(),
                100 * onTrain,
                task.hasValidation()
                        ? String.format(Locale.ROOT, ", validation accuracy %.2f %%", 100 * onValidation)
                        : ""));
    }

    private String epochsInWords() {
        return ledger.atEpochEnd()
                ? "epoch " + ledger.steps() / stepsPerEpoch
                : String.format(Locale.ROOT, "%.2f epochs", ledger.epochsDone());
    }

    /** transformers' estimate: 6 · positions · parameters without those of the tables, adapters included. */
    private double flops() {
        long tables = model.transformer().tables().stream()
                .mapToLong(table -> table.getShape().size())
                .sum();
        return 6.0 * ledger.positions() * (model.parameterCount().total() - tables);
    }

    private void sayWhatIsLeftOut() {
        if (!task.remark().isEmpty()) {
            say(task.remark());
        }
        if (settings.patience() > 0 && !task.hasValidation()) {
            say("There are no validation examples, so the run will not end early");
        }
    }

    /** A kernel's stream fails in an interrupted thread, and what it throws would be the end of the run. */
    private void say(String line) {
        if (!options.quiet()) {
            boolean interrupted = Thread.interrupted();
            System.out.println(line);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
