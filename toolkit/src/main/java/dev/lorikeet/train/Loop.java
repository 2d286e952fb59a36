package dev.lorikeet.train;

import ai.djl.engine.Engine;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.Tracker;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.tensor.Precision;
import dev.lorikeet.train.TrainingRun.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The loop around the step: epochs, evaluations, early stopping, listeners, what is printed and recorded.
 *
 * @param <B> kind of batch
 */
final class Loop<B> {

    private final String name;
    private final LanguageModel model;
    private final Task<B> task;
    private final TuningSettings settings;
    private final List<TrainingListener> listeners;
    private final boolean quiet;
    private final int stepsPerEpoch;
    private final int totalSteps;
    private final Ending last;
    private final Tracker rate;

    private final List<History.Step> steps = new ArrayList<>();
    private final List<History.Evaluation> evaluations = new ArrayList<>();
    private final List<History.EpochEnd> epochs = new ArrayList<>();
    private long examplesSeen;
    private long tokensSeen;
    private long started;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int evaluationsSinceBest;

    Loop(
            String name,
            LanguageModel model,
            Task<B> task,
            TuningSettings settings,
            List<TrainingListener> listeners,
            boolean quiet) {
        this.name = name;
        this.model = model;
        this.task = task;
        this.settings = settings;
        this.listeners = List.copyOf(listeners);
        this.quiet = quiet;
        this.stepsPerEpoch = (task.perEpoch() + settings.accumulation() - 1) / settings.accumulation();
        int all = stepsPerEpoch * settings.epochs();
        this.totalSteps = settings.maxSteps() == 0 ? all : Math.min(all, settings.maxSteps());
        this.last = totalSteps < all ? Ending.STEP_LIMIT : Ending.COMPLETED;
        this.rate = settings.schedule().tracker(settings.optimizer().learningRate(), totalSteps);
    }

    /** What works on a run while it lasts. */
    private record Crew<B>(Step<B> step, Listeners heard, RunMemory memory, Progress progress) {}

    TrainingRun run() {
        Engine.getInstance().setRandomSeed((int) settings.seed());
        started = System.nanoTime();
        sayWhatIsLeftOut();
        Ending ending;
        MemoryBreakdown memory;
        try (Optimizer optimizer = new Optimizer(settings.optimizer(), model.parameters(), model.manager());
                RunMemory measured = new RunMemory(model, optimizer);
                Listeners heard = Listeners.of(listeners, model, task.perEpoch());
                Progress progress = Progress.start("Training", totalSteps)) {
            Gradients gradients = new Gradients(model, settings.memory(), settings.seed());
            LossScale scale = model.precision() == Precision.FLOAT16 ? LossScale.dynamic() : LossScale.none();
            Step<B> step = new Step<>(task.objective(), gradients, optimizer, scale, settings.maxNorm());
            ending = epochs(new Crew<>(step, heard, measured, progress));
            memory = measured.breakdown(name);
        }
        model.forgetGradients();
        History history = new History(steps, evaluations, epochs);
        TrainingRun run = new TrainingRun(name, settings, history, elapsed(), memory, ending);
        say(
                ending == last
                        ? String.format(Locale.ROOT, "Training completed in %.2f minutes.", run.seconds() / 60)
                        : run.toString());
        return run;
    }

    private Ending epochs(Crew<B> crew) {
        try {
            Ending ending = null;
            for (int epoch = 0; ending == null; epoch++) {
                ending = epoch(epoch, crew);
            }
            return ending;
        } catch (StoppedException e) {
            return Ending.INTERRUPTED;
        }
    }

    /** One epoch, or what of it the limit of steps or early stopping leaves; null if another one follows. */
    private Ending epoch(int epoch, Crew<B> crew) {
        List<B> all = task.epoch(epoch);
        Ending ending = null;
        int done = 0;
        while (done < all.size() && ending == null) {
            StoppedException.check("Training was stopped");
            List<B> micro = all.subList(done, Math.min(all.size(), done + settings.accumulation()));
            if (!update(crew, micro, rate.getNewValue(steps.size()))) {
                return Ending.DIVERGED;
            }
            done += micro.size();
            boolean enough = evaluate(epoch);
            ending = steps.size() == totalSteps ? last : enough ? Ending.EARLY : null;
        }
        measureAccuracies();
        if (done == all.size()) {
            crew.heard().epoch();
        }
        return ending;
    }

    /** False if the gradients were no numbers, and nothing but the loss scale explains it; the parameters are then as before. */
    private boolean update(Crew<B> crew, List<B> micro, double rate) {
        Objective<B> objective = task.objective();
        crew.memory()
                .beforeStep(micro.stream().mapToLong(objective::positions).max().orElse(0));
        long began = System.nanoTime();
        Step.Result result =
                crew.step().run(micro, rate, (batch, seen) -> crew.heard().batch(objective.examples(batch), seen));
        double took = (System.nanoTime() - began) / 1e9;
        crew.memory().afterStep();
        micro.forEach(batch -> {
            examplesSeen += objective.examples(batch);
            tokensSeen += objective.tokens(batch);
        });
        int number = steps.size();
        double epochsDone = (number + 1.0) / stepsPerEpoch;
        steps.add(new History.Step(
                number,
                epochsDone,
                examplesSeen,
                tokensSeen,
                result.targets(),
                result.loss(),
                result.accuracy(),
                result.gradientNorm(),
                rate,
                took,
                elapsed()));
        crew.progress()
                .at(
                        number + 1L,
                        String.format(Locale.ROOT, "loss %.3f, %.0f tokens/s", result.loss(), tokensSeen / elapsed()));
        return result.applied() || crew.step().expectsOverflows();
    }

    /** Measures if it is time to; true if early stopping says that it is enough. */
    private boolean evaluate(int epoch) {
        int step = steps.size() - 1;
        if (!isWatched() || step % settings.evaluateEvery() != 0) {
            return false;
        }
        Score onTrain = task.onTraining();
        Score onValidation = task.onValidation();
        evaluations.add(new History.Evaluation(
                step,
                epochsDone(),
                examplesSeen,
                onTrain.loss(),
                onValidation.loss(),
                onTrain.accuracy(),
                onValidation.accuracy()));
        say(String.format(
                Locale.ROOT,
                "Epoch %d, step %3d: training loss %.3f%s",
                epoch + 1,
                step,
                onTrain.loss(),
                ofValidation(", validation loss %.3f", onValidation.loss())));
        return task.hasValidation() && isEnough(onValidation.loss());
    }

    private boolean isWatched() {
        return settings.evaluateEvery() > 0 && task.isWatched();
    }

    /** A loss that is not a number is no better one. */
    private boolean isEnough(double validationLoss) {
        if (validationLoss < bestLoss) {
            bestLoss = validationLoss;
            evaluationsSinceBest = 0;
        } else {
            evaluationsSinceBest++;
        }
        return settings.patience() > 0 && evaluationsSinceBest >= settings.patience();
    }

    private void measureAccuracies() {
        if (!isWatched()) {
            return;
        }
        double onTrain = task.onTraining().accuracy();
        double onValidation = task.onValidation().accuracy();
        epochs.add(new History.EpochEnd(epochsDone(), steps.size() - 1, examplesSeen, onTrain, onValidation));
        say(String.format(
                Locale.ROOT,
                "After %s: training accuracy %.2f %%%s",
                epochsInWords(),
                100 * onTrain,
                ofValidation(", validation accuracy %.2f %%", 100 * onValidation)));
    }

    private String ofValidation(String format, double value) {
        return !task.hasValidation() ? "" : String.format(Locale.ROOT, format, value);
    }

    private double epochsDone() {
        return (double) steps.size() / stepsPerEpoch;
    }

    private String epochsInWords() {
        return steps.size() % stepsPerEpoch == 0
                ? "epoch " + steps.size() / stepsPerEpoch
                : String.format(Locale.ROOT, "%.2f epochs", epochsDone());
    }

    private void sayWhatIsLeftOut() {
        if (!task.remark().isEmpty()) {
            say(task.remark());
        }
        if (settings.patience() > 0 && !task.hasValidation()) {
            say("There are no validation examples, so the run will not end early");
        }
    }

    private double elapsed() {
        return (System.nanoTime() - started) / 1e9;
    }

    private void say(String line) {
        if (!quiet) {
            System.out.println(line);
        }
    }
}
