package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.train.history.LearningRateTest;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.GradScaler;
import dev.lorikeet.train.step.Optimizer;
import dev.lorikeet.train.step.Step;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a learning-rate range test: updates with a rate that rises exponentially, until the loss diverges. The trained weights are
 * copied before and restored after, also when the test fails or is interrupted.
 *
 * @param the type of batch
 */
final class LearningRateFinder {

    static final int MAX_STEPS = 100;

    private static final double FIRST = 1e-6;
    private static final double LAST = 1;

    /** Weight of the past in the moving average of the loss. */
    private static final double DECAY = 0.95;

    /** The loss has diverged when the smoothed one is so many times the best. */
    private static final double DIVERGED = 4;

    private final LanguageModel model;
    private final Task task;
    private final TuningSettings settings;
    private final String name;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> smoothed = new ArrayList<>();
    private double average;
    private double best = Double.POSITIVE_INFINITY;
    private List<Batch> epoch = List.of();
    private int epochs;
    private int next;

    LearningRateFinder(LanguageModel model, Task task, TuningSettings settings, String name) {
        this.model = model;
        this.task = task;
        this.settings = settings;
        this.name = name;
    }

    LearningRateTest run() {
        boolean diverged;
        try (NDManager copies = model.manager().newSubManager();
                Optimizer optimizer = new Optimizer(settings.optimizer(), model.parameters(), model.manager());
                BackwardPass backwardPass = new BackwardPass(model, settings.loss(), settings.memory());
                Progress progress =
                        Progress.start("Finding the learning rate", MAX_STEPS).in("steps")) {
            GradScaler scaler = model.computeDtype() == DType.FLOAT16 ? GradScaler.dynamic() : GradScaler.none();
            Step step =
                    new Step(task.objective(), backwardPass, optimizer, scaler, settings.maxNorm(), settings.seed());
            Map<Parameter, NDArray> before = copies(copies);
            try {
                diverged = train(step, progress);
            } finally {
                before.forEach((parameter, copy) -> Ops.assign(parameter.getArray(), copy));
            }
        } finally {
            model.forgetGradients();
        }
        return new LearningRateTest(name, rates, losses, smoothed, diverged);
    }

    /** Copies the trained parameters, which are float32. */
    private Map<Parameter, NDArray> copies(NDManager manager) {
        Map<Parameter, NDArray> copies = new IdentityHashMap<>();
        for (Parameter parameter : model.parameters()) {
            if (parameter.requiresGradient()) {
                NDArray copy = manager.create(parameter.getShape());
                Ops.assign(copy, parameter.getArray());
                copies.put(parameter, copy);
            }
        }
        return copies;
    }

    /** Trains until the last rate or until the loss diverges; returns whether it did. */
    private boolean train(Step step, Progress progress) {
        for (int i = 0; i < MAX_STEPS; i++) {
            StoppedException.check("The learning-rate test was stopped; the model is as it was");
            double rate = FIRST * Math.pow(LAST / FIRST, i / (MAX_STEPS - 1.0));
            Step.StepResult result = step.run(microBatches(), rate, (batch, arrays) -> {});
            if (!Double.isFinite(result.loss()) || !result.applied() && !step.toleratesOverflow()) {
                progress.complete("diverged at " + Quantities.learningRate(rate));
                return true;
            }
            record(rate, result.loss());
            progress.at(i + 1, "rate " + Quantities.learningRate(rate) + ", loss " + Quantities.loss(result.loss()));
            if (smoothed.get(i) > DIVERGED * best) {
                progress.complete("diverged at " + Quantities.learningRate(rate));
                return true;
            }
            best = Math.min(best, smoothed.get(i));
        }
        return false;
    }

    private void record(double rate, double loss) {
        rates.add(rate);
        losses.add(loss);
        average = DECAY * average + (1 - DECAY) * loss;
        smoothed.add(average / (1 - Math.pow(DECAY, losses.size())));
    }

    /** The micro-batches of the next update; starts another epoch where one ends. */
    private List<Batch> microBatches() {
        if (next >= epoch.size()) {
            epoch = task.epoch(epochs++);
            next = 0;
        }
        List<Batch> batches = epoch.subList(next, (int) Math.min(epoch.size(), (long) next + settings.accumulation()));
        next += batches.size();
        return batches;
    }
}
