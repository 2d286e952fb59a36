package dev.lorikeet.train;

import ai.djl.engine.Engine;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.Tracker;
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
import tech.tablesaw.api.Table;

/** The loop around the step: epochs, evaluations, early stopping, listeners, what is printed and recorded. */
final class Loop {

    private final String name;
    private final Classifier model;
    private final TuningSettings settings;
    private final List<TrainingListener> listeners;
    private final boolean quiet;
    private final List<Example> train;
    private final List<Example> validation;
    private final Batches batches;
    private final int stepsPerEpoch;
    private final int totalSteps;

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
        Batches order = Batches.of(train)
                .size(settings.batchSize())
                .padId(model.tokenizer().pad().orElse(0))
                .shuffled(settings.seed())
                .dropLast();
        this.batches = settings.width().isPresent() ? order.padTo(settings.width().getAsInt()) : order;
        this.stepsPerEpoch = (batches.perEpoch() + settings.accumulation() - 1) / settings.accumulation();
        int all = stepsPerEpoch * settings.epochs();
        this.totalSteps = settings.maxSteps() == 0 ? all : Math.min(all, settings.maxSteps());
    }

    private List<Example> encode(Table table) {
        return Examples.encode(table, model.tokenizer(), model.labels(), model.config().context());
    }

    TrainingRun run() {
        boolean measured = HostMemory.resetPeak();
        Engine.getInstance().setRandomSeed((int) settings.seed());
        started = System.nanoTime();
        Ending ending;
        try (Optimizer optimizer = new Optimizer(settings.optimizer(), model.parameters(), model.manager());
                Listeners heard = Listeners.of(listeners, model);
                Progress progress = Progress.start("Training", totalSteps)) {
            Step<Batch> step = new Step<>(new ClassifierObjective(model), optimizer, settings.maxNorm());
            ending = epochs(step, heard, progress);
        }
        double seconds = elapsed();
        History history = new History(steps, evaluations, epochs);
        TrainingRun run = new TrainingRun(
                name, settings, history, seconds, measured ? HostMemory.peakGiB() : java.util.OptionalDouble.empty(), ending);
        say(ending == Ending.COMPLETED
                ? String.format(Locale.ROOT, "Training completed in %.2f minutes.", seconds / 60)
                : run.toString());
        return run;
    }

    private Ending epochs(Step<Batch> step, Listeners heard, Progress progress) {
        Tracker rate = settings.schedule().tracker(settings.optimizer().learningRate(), totalSteps);
        try {
            for (int epoch = 0; epoch < settings.epochs(); epoch++) {
                List<Batch> all = batches.epoch(epoch);
                for (int at = 0; at < all.size(); at += settings.accumulation()) {
                    StoppedException.check("Training was stopped");
                    List<Batch> micro = all.subList(at, Math.min(all.size(), at + settings.accumulation()));
                    update(step, micro, rate.getNewValue(steps.size()), heard, progress);
                    if (evaluate(epoch)) {
                        return Ending.EARLY;
                    }
                    if (steps.size() == totalSteps && epoch + 1 < settings.epochs()) {
                        endEpoch(epoch, heard);
                        return Ending.STEP_LIMIT;
                    }
                }
                endEpoch(epoch, heard);
            }
            return Ending.COMPLETED;
        } catch (StoppedException e) {
            return Ending.INTERRUPTED;
        }
    }

    private void update(Step<Batch> step, List<Batch> micro, double rate, Listeners heard, Progress progress) {
        Step.Result result = step.run(micro, rate, heard::batch);
        micro.forEach(batch -> {
            examplesSeen += batch.size();
            tokensSeen += batch.tokens();
        });
        int number = steps.size();
        double epoch = (number + 1.0) / stepsPerEpoch;
        steps.add(new History.Step(
                number, epoch, examplesSeen, tokensSeen, result.loss(), result.gradientNorm(), rate, elapsed()));
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
        double trainLoss = score(train).loss();
        double validationLoss = score(validation).loss();
        evaluations.add(new History.Evaluation(
                step, (step + 1.0) / stepsPerEpoch, examplesSeen, trainLoss, validationLoss));
        say(String.format(
                Locale.ROOT,
                "Epoch %d, step %3d: training loss %.3f, validation loss %.3f",
                epoch + 1,
                step,
                trainLoss,
                validationLoss));
        evaluationsSinceBest = validationLoss < bestLoss ? 0 : evaluationsSinceBest + 1;
        bestLoss = Math.min(bestLoss, validationLoss);
        return settings.patience() > 0 && evaluationsSinceBest >= settings.patience();
    }

    private void endEpoch(int epoch, Listeners heard) {
        if (settings.evaluateEvery() > 0) {
            Score onTrain = score(train);
            Score onValidation = score(validation);
            epochs.add(new History.EpochEnd(
                    epoch + 1, steps.size() - 1, examplesSeen, onTrain.accuracy(), onValidation.accuracy()));
            say(String.format(
                    Locale.ROOT,
                    "Epoch %d: training accuracy %.2f %%, validation accuracy %.2f %%",
                    epoch + 1,
                    100 * onTrain.accuracy(),
                    100 * onValidation.accuracy()));
        }
        heard.epoch();
    }

    private Score score(List<Example> examples) {
        Evaluation evaluation = Evaluation.of(model)
                .batchSize(settings.batchSize())
                .batches(settings.evaluationBatches())
                .silently();
        return (settings.width().isPresent() ? evaluation.padTo(settings.width().getAsInt()) : evaluation).on(examples);
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
