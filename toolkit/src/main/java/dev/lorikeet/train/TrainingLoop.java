package dev.lorikeet.train;

import ai.djl.training.tracker.Tracker;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.train.TrainingRun.Ending;
import dev.lorikeet.train.checkpoint.CheckpointState;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.GradScaler;
import dev.lorikeet.train.step.GradientSource;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Runs the training loop: epochs, evaluations, early stopping, checkpoints, listeners, printed lines and the history.
 *
 * @param the type of batch
 */
final class TrainingLoop {

    private final LanguageModel model;
    private final Task task;
    private final TuningSettings settings;
    private final RunOptions options;
    private final int stepsPerEpoch;
    private final int totalSteps;
    private final Ending normalEnding;
    private final Tracker learningRate;
    private TrainingState state;
    private Throwable failure;

    TrainingLoop(LanguageModel model, Task task, TuningSettings settings, RunOptions options) {
        this.model = model;
        this.task = task;
        this.settings = settings;
        this.options = options;
        this.stepsPerEpoch = stepsPerEpoch(task, settings);
        this.totalSteps = totalSteps(task, settings);
        this.normalEnding = totalSteps < allSteps(task, settings) ? Ending.STEP_LIMIT : Ending.COMPLETED;
        this.learningRate = settings.schedule().tracker(settings.optimizer().learningRate(), totalSteps);
    }

    private static int stepsPerEpoch(Task task, TuningSettings settings) {
        return Math.toIntExact(((long) task.batchesPerEpoch() + settings.accumulation() - 1) / settings.accumulation());
    }

    /** The updates of all epochs. */
    private static long allSteps(Task task, TuningSettings settings) {
        return (long) stepsPerEpoch(task, settings) * settings.epochs();
    }

    /** The number of updates in a run that nothing ends early. */
    static int totalSteps(Task task, TuningSettings settings) {
        long all = allSteps(task, settings);
        if (settings.maxSteps() > 0) {
            return (int) Math.min(all, settings.maxSteps());
        }
        BadArgumentException.unless(
                all <= Integer.MAX_VALUE,
                "epochs",
                settings.epochs(),
                String.format(
                        Locale.ROOT,
                        "at most %,d for %,d steps an epoch, or a limit such as maxSteps(1000)",
                        Integer.MAX_VALUE / stepsPerEpoch(task, settings),
                        stepsPerEpoch(task, settings)));
        return (int) all;
    }

    /** The objects that a run uses while it lasts. */
    private record TrainerContext(
            Step step,
            Optimizer optimizer,
            GradScaler gradScaler,
            Optional<CheckpointManager> checkpoints,
            Listeners listeners,
            RunMemory memory,
            Progress progress,
            RunDisplay display) {

        void saveIfDue(TrainingState state, boolean force, boolean measureLoss) {
            checkpoints
                    .filter(k -> state.steps() > 0 && !k.has(state.steps()) && (force || k.isDue(state.steps())))
                    .ifPresent(k -> k.save(state, optimizer, gradScaler, measureLoss));
        }
    }

    TrainingRun run() {
        state = TrainingState.empty(stepsPerEpoch);
        printNotices();
        Optional<CheckpointManager> checkpoints =
                options.checkpoints().map(config -> new CheckpointManager(config, model, task, settings, this::say));
        Optional<CheckpointState> resumed = checkpoints.flatMap(this::checkpointState);
        Ending ending;
        MemoryBreakdown breakdown;
        try (Optimizer optimizer = new Optimizer(settings.optimizer(), model.parameters(), model.manager());
                GradientSource gradients = options.gradients().open(model, settings.loss(), settings.memory());
                RunMemory memory = new RunMemory(model, optimizer, gradients);
                Listeners listeners = Listeners.of(options.listeners(), model, task.batchesPerEpoch());
                Progress progress = options.progress().apply(totalSteps).in("steps");
                RunDisplay display = display()) {
            GradScaler gradScaler = model.computeDtype() == DType.FLOAT16 ? GradScaler.dynamic() : GradScaler.none();
            Step step =
                    new Step(task.objective(), gradients, optimizer, gradScaler, settings.maxNorm(), settings.seed());
            TrainerContext context =
                    new TrainerContext(step, optimizer, gradScaler, checkpoints, listeners, memory, progress, display);
            resumed.ifPresent(checkpoint -> resumeFrom(checkpoint, context));
            ending = trainOrFail(context);
            // The run tells its speed itself.
            progress.at(state.steps(), loss());
            if (ending == Ending.EARLY) {
                progress.complete(loss());
            }
            breakdown = memory.breakdown(options.name());
        }
        model.forgetGradients();
        TrainingRun run = new TrainingRun(
                options.name(),
                settings,
                model.computeDtype(),
                state.history(),
                state.elapsed(),
                breakdown,
                ending,
                flops());
        if (ending == Ending.FAILED) {
            TrainingRun.failed(run);
            throw new TrainingFailedException(run, totalSteps, failure);
        }
        say(ending == normalEnding ? "Training completed in " + Quantities.time(run.seconds()) + "." : run.toString());
        return run;
    }

    private RunDisplay display() {
        return options.quiet() ? RunDisplay.none(options.name()) : RunDisplays.current.apply(options.name());
    }

    private Optional<CheckpointState> checkpointState(CheckpointManager manager) {
        if (options.resume()) {
            return manager.resume();
        }
        manager.begin();
        return Optional.empty();
    }

    private void resumeFrom(CheckpointState checkpoint, TrainerContext context) {
        context.checkpoints().orElseThrow().restore(context.optimizer());
        state = new TrainingState(checkpoint.history(), stepsPerEpoch, checkpoint.positions(), checkpoint.seconds());
        context.optimizer().resumeFrom(checkpoint.optimizerSteps());
        context.step().resumeFrom(checkpoint.step());
        context.gradScaler().resumeFrom(checkpoint.lossScale());
        context.listeners()
                .resumeFrom((long) checkpoint.step() / stepsPerEpoch * task.batchesPerEpoch() + batchesDone());
        context.progress().at(checkpoint.step(), "");
        say(String.format(
                Locale.ROOT,
                "Resuming from the checkpoint of step %d of %d: weights, optimizer, schedule, data, dropout, history",
                checkpoint.step(),
                totalSteps));
    }

    /** Trains; after the first step an error ends the run as {@link Ending#FAILED}, so that its record is not lost. */
    private Ending trainOrFail(TrainerContext context) {
        int before = state.steps();
        try {
            return trainEpochs(context);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (state.steps() == before) {
                throw e;
            }
            failure = e;
            return Ending.FAILED;
        }
    }

    private Ending trainEpochs(TrainerContext context) {
        try {
            if (state.steps() > 0) {
                measureIfDue();
            }
            Ending ending = ending();
            while (ending == null) {
                ending = trainEpoch(context);
            }
            if (ending != Ending.DIVERGED) {
                context.saveIfDue(state, true, true);
            }
            return ending;
        } catch (StoppedException e) {
            saveAfterStop(context);
            return Ending.INTERRUPTED;
        }
    }

    /** Saves after an interrupt. A second interrupt stops the saving too; then the previous checkpoint is the newest. */
    private void saveAfterStop(TrainerContext context) {
        try {
            context.saveIfDue(state, true, false);
        } catch (StoppedException e) {
            say("Saving a checkpoint of the last step was interrupted");
        }
    }

    /** Trains to the end of the epoch, or until the step limit or early stopping; returns null if another epoch follows. */
    private Ending trainEpoch(TrainerContext context) {
        List<Batch> all = task.epoch(state.steps() / stepsPerEpoch);
        int done = batchesDone();
        Ending ending = null;
        while (done < all.size() && ending == null) {
            StoppedException.check("Training was stopped");
            // A copy, as batches of a stream are made when they are asked for.
            List<Batch> microBatches =
                    List.copyOf(all.subList(done, (int) Math.min(all.size(), (long) done + settings.accumulation())));
            if (!update(context, microBatches, learningRate.getNewValue(state.steps()))) {
                return Ending.DIVERGED;
            }
            done += microBatches.size();
            log();
            measureIfDue();
            context.display().at(state::history);
            if (state.atEpochEnd()) {
                context.listeners().endEpoch();
            }
            context.saveIfDue(state, false, true);
            ending = ending();
        }
        return ending;
    }

    /** The number of micro-batches done in the current epoch. */
    private int batchesDone() {
        return state.steps() % stepsPerEpoch * settings.accumulation();
    }

    /** Why the run has ended; null if it has not. */
    private Ending ending() {
        if (state.steps() >= totalSteps) {
            return normalEnding;
        }
        boolean stopsEarly =
                settings.patience() > 0 && task.hasValidation() && state.evaluationsSinceBest() >= settings.patience();
        return stopsEarly ? Ending.EARLY : null;
    }

    /**
     * Does an update. Returns false if the gradients were not finite and no overflow of float16 explains it; the parameters are
     * then unchanged.
     */
    private boolean update(TrainerContext context, List<Batch> microBatches, double learningRate) {
        context.memory()
                .beforeStep(
                        microBatches.stream().mapToLong(Batch::positions).max().orElse(0));
        long start = System.nanoTime();
        Step.StepResult result = context.step().run(microBatches, learningRate, (batch, arrays) -> context.listeners()
                .batch(batch.examples(), arrays));
        double seconds = (System.nanoTime() - start) / 1e9;
        context.memory().afterStep();
        context.listeners().update(state.add(result, microBatches, learningRate, seconds));
        context.progress().at(state.steps(), lossAndSpeed());
        return result.applied() || context.step().toleratesOverflow();
    }

    private String lossAndSpeed() {
        return loss() + ", " + Quantities.tokensPerSecond(state.tokensSeen() / state.elapsed());
    }

    private String loss() {
        return state.steps() == 0 ? "" : "loss " + Quantities.loss(state.meanLoss(1));
    }

    private void log() {
        int every = settings.logEvery();
        if (every > 0 && state.steps() % every == 0) {
            say(String.format(
                    Locale.ROOT,
                    "Step %,4d of %,d: training loss %s",
                    state.steps(),
                    totalSteps,
                    Quantities.loss(state.meanLoss(every))));
        }
    }

    /** Measures losses and accuracies if they are due after the last update and were not measured before a stop. */
    private void measureIfDue() {
        if (isEvaluationDue() && !state.isEvaluated()) {
            evaluate();
        }
        if (task.isEvaluated()
                && settings.evaluateEvery() > 0
                && (state.atEpochEnd() || ending() != null)
                && !state.isEpochMeasured()) {
            measureAccuracies();
        }
    }

    private boolean isEvaluationDue() {
        return task.isEvaluated() && settings.evaluateEvery() > 0 && state.step() % settings.evaluateEvery() == 0;
    }

    private void evaluate() {
        Score train = task.trainingScore();
        Score validation = task.validationScore();
        state.add(train, validation);
        String validationPart = task.hasValidation() ? ", validation loss " + task.formatLoss(validation.loss()) : "";
        say(String.format(
                Locale.ROOT,
                "Epoch %d, step %,3d: training loss %s%s",
                state.step() / stepsPerEpoch + 1,
                state.step(),
                Quantities.loss(train.loss()),
                validationPart));
    }

    private void measureAccuracies() {
        Score train = task.trainingScore();
        Score validation = task.validationScore();
        state.addEpoch(train, validation);
        say("After %s: training %s%s"
                .formatted(
                        epochs(), summary(train), task.hasValidation() ? ", validation " + summary(validation) : ""));
    }

    private static String summary(Score score) {
        return Double.isNaN(score.accuracy())
                ? "loss " + Quantities.loss(score.loss())
                : "accuracy " + Quantities.percent(score.accuracy());
    }

    private String epochs() {
        return state.atEpochEnd()
                ? "epoch " + state.steps() / stepsPerEpoch
                : String.format(Locale.ROOT, "%.2f epochs", state.epochsDone());
    }

    /** Estimates the operations as transformers does: 6 · positions · parameters, without embeddings and with adapters. */
    private double flops() {
        long embeddings = model.transformer().embeddings().tables().stream()
                .mapToLong(table -> table.slot().own().getShape().size())
                .sum();
        return 6.0 * state.positions() * (model.parameterCount().total() - embeddings);
    }

    private void printNotices() {
        if (!task.notice().isEmpty()) {
            say(task.notice());
        }
        if (settings.patience() > 0 && !task.hasValidation()) {
            say("There are no validation examples, so the run will not end early");
        }
    }

    /**
     * Prints a line. It clears the interrupt flag meanwhile: a kernel's output stream throws in an interrupted thread, which would
     * end the run.
     */
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
