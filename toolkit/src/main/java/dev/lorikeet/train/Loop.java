package dev.lorikeet.train;

import ai.djl.engine.Engine;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.Tracker;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Batches;
import dev.lorikeet.data.Example;
import dev.lorikeet.data.Examples;
import dev.lorikeet.data.Splits;
import dev.lorikeet.memory.HostMemory;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.train.TrainingRun.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import tech.tablesaw.api.Table;

/** The loop around the step: epochs, evaluations, early stopping, listeners, what is printed and recorded. */
final class Loop {

    private final String name;
    private final Classifier model;
    private final TuningSettings settings;
    private final List<TrainingListener> listeners;
    private final boolean quiet;
    private final Examples train;
    private final Examples validation;
    private final Batches batches;
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
            Classifier model,
            Splits splits,
            TuningSettings settings,
            List<TrainingListener> listeners,
            boolean quiet) {
        this.name = name;
        this.model = model;
        this.settings = settings;
        this.listeners = List.copyOf(listeners);
        this.quiet = quiet;
        this.train = encode(splits.train());
        this.validation = encode(splits.validation());
        BadArgumentException.unless(
                train.size() >= settings.batchSize(),
                "batch size",
                settings.batchSize(),
                "at most " + train.size() + ", the rows of the training part: an incomplete batch is left out");
        Batches order = Batches.of(train)
                .size(settings.batchSize())
                .padId(model.padId())
                .shuffled(settings.seed())
                .dropLast();
        this.batches =
                settings.width().isPresent() ? order.padTo(settings.width().getAsInt()) : order;
        this.stepsPerEpoch = (batches.perEpoch() + settings.accumulation() - 1) / settings.accumulation();
        int all = stepsPerEpoch * settings.epochs();
        this.totalSteps = settings.maxSteps() == 0 ? all : Math.min(all, settings.maxSteps());
        this.last = totalSteps < all ? Ending.STEP_LIMIT : Ending.COMPLETED;
        this.rate = settings.schedule().tracker(settings.optimizer().learningRate(), totalSteps);
    }

    private Examples encode(Table table) {
        return Examples.encode(
                table, model.tokenizer(), model.labels(), model.config().context());
    }

    TrainingRun run() {
        boolean measured = HostMemory.resetPeak();
        Engine.getInstance().setRandomSeed((int) settings.seed());
        started = System.nanoTime();
        sayWhatIsLeftOut();
        Ending ending;
        try (Optimizer optimizer = new Optimizer(settings.optimizer(), model.parameters(), model.manager());
                Listeners heard = Listeners.of(listeners, model, batches.perEpoch());
                Progress progress = Progress.start("Training", totalSteps)) {
            Step<Batch> step = new Step<>(new ClassifierObjective(model), optimizer, settings.maxNorm());
            ending = epochs(step, heard, progress);
        }
        double seconds = elapsed();
        History history = new History(steps, evaluations, epochs);
        TrainingRun run = new TrainingRun(
                name, settings, history, seconds, measured ? HostMemory.peakGiB() : OptionalDouble.empty(), ending);
        say(
                ending == last
                        ? String.format(Locale.ROOT, "Training completed in %.2f minutes.", seconds / 60)
                        : run.toString());
        return run;
    }

    private Ending epochs(Step<Batch> step, Listeners heard, Progress progress) {
        try {
            Ending ending = null;
            for (int epoch = 0; ending == null; epoch++) {
                ending = epoch(epoch, step, heard, progress);
            }
            return ending;
        } catch (StoppedException e) {
            return Ending.INTERRUPTED;
        }
    }

    /** One epoch, or what of it the limit of steps or early stopping leaves; null if another one follows. */
    private Ending epoch(int epoch, Step<Batch> step, Listeners heard, Progress progress) {
        List<Batch> all = batches.epoch(epoch);
        Ending ending = null;
        int done = 0;
        while (done < all.size() && ending == null) {
            StoppedException.check("Training was stopped");
            List<Batch> micro = all.subList(done, Math.min(all.size(), done + settings.accumulation()));
            update(step, micro, rate.getNewValue(steps.size()), heard, progress);
            done += micro.size();
            boolean enough = evaluate(epoch);
            ending = steps.size() == totalSteps ? last : enough ? Ending.EARLY : null;
        }
        measureAccuracies();
        if (done == all.size()) {
            heard.epoch();
        }
        return ending;
    }

    private void update(Step<Batch> step, List<Batch> micro, double rate, Listeners heard, Progress progress) {
        Step.Result result = step.run(micro, rate, heard::batch);
        micro.forEach(batch -> {
            examplesSeen += batch.size();
            tokensSeen += batch.tokens();
        });
        int number = steps.size();
        double epochsDone = (number + 1.0) / stepsPerEpoch;
        steps.add(new History.Step(
                number, epochsDone, examplesSeen, tokensSeen, result.loss(), result.gradientNorm(), rate, elapsed()));
        progress.at(
                number + 1L,
                String.format(Locale.ROOT, "loss %.3f, %.0f tokens/s", result.loss(), tokensSeen / elapsed()));
    }

    /** Measures if it is time to; true if early stopping says that it is enough. */
    private boolean evaluate(int epoch) {
        int step = steps.size() - 1;
        if (settings.evaluateEvery() == 0 || step % settings.evaluateEvery() != 0) {
            return false;
        }
        Score onTrain = score(train);
        Score onValidation = score(validation);
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
        return !validation.isEmpty() && isEnough(onValidation.loss());
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
        if (settings.evaluateEvery() == 0) {
            return;
        }
        double onTrain = score(train).accuracy();
        double onValidation = score(validation).accuracy();
        epochs.add(new History.EpochEnd(epochsDone(), steps.size() - 1, examplesSeen, onTrain, onValidation));
        say(String.format(
                Locale.ROOT,
                "After %s: training accuracy %.2f %%%s",
                epochsInWords(),
                100 * onTrain,
                ofValidation(", validation accuracy %.2f %%", 100 * onValidation)));
    }

    private String ofValidation(String format, double value) {
        return validation.isEmpty() ? "" : String.format(Locale.ROOT, format, value);
    }

    private double epochsDone() {
        return (double) steps.size() / stepsPerEpoch;
    }

    private String epochsInWords() {
        return steps.size() % stepsPerEpoch == 0
                ? "epoch " + steps.size() / stepsPerEpoch
                : String.format(Locale.ROOT, "%.2f epochs", epochsDone());
    }

    private Score score(List<Example> examples) {
        Evaluation evaluation = Evaluation.of(model)
                .batchSize(settings.batchSize())
                .batches(settings.evaluationBatches())
                .silently();
        return (settings.width().isPresent() ? evaluation.padTo(settings.width().getAsInt()) : evaluation).on(examples);
    }

    private void sayWhatIsLeftOut() {
        int cut = settings.width().isPresent() ? batches.truncated() : train.truncated();
        if (cut > 0) {
            int width = settings.width().orElse(model.config().context());
            say(String.format(
                    Locale.ROOT, "%,d training texts are longer than %,d tokens and lose their end", cut, width));
        }
        if (settings.patience() > 0 && validation.isEmpty()) {
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
