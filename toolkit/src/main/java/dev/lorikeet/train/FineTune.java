package dev.lorikeet.train;

import ai.djl.training.listener.TrainingListener;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Progress;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.Regressor;
import dev.lorikeet.model.Tagger;
import dev.lorikeet.model.io.ModelLock;
import dev.lorikeet.train.checkpoint.CheckpointMismatchException;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.history.LearningRateTest;
import dev.lorikeet.train.loss.LabelKind;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.GradientSources;
import dev.lorikeet.train.step.MemoryOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Fine-tunes a model: trains the parameters that are not frozen, of an adapter or of the model. A builder: each setter changes
 * and returns this object, and {@link #run} trains.
 *
 * @param <T> the type of fine-tuning, which the setters return
 */
public abstract sealed class FineTune<T extends FineTune<T>> implements Renderable
        permits ClassifierTuning, DataTuning, CausalTuning, PairTuning {

    private final LanguageModel model;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private String name = "fine-tuning";
    private int epochs = 3;
    private int maxSteps;
    private int accumulation = 1;
    private AdamW optimizer = AdamW.of(2e-4);
    private Schedule schedule = Schedule.constant();
    private double maxNorm;
    private int evaluateEvery = 50;
    private int evaluationBatches = 5;
    private int logEvery;
    private int patience;
    private long seed = 123;
    private boolean quiet;
    private MemoryOptions memoryOptions = MemoryOptions.DEFAULT;
    private Loss loss;
    private Optional<Checkpoints> checkpoints = Optional.empty();
    private GradientSources gradients = BackwardPass::new;

    FineTune(LanguageModel model) {
        this.model = model;
    }

    /** Fine-tunes a classifier on labelled texts. */
    public static ClassifierTuning of(Classifier model) {
        return new ClassifierTuning(BadArgumentException.required(model, "model"));
    }

    /** Fine-tunes a regressor on texts with numbers. */
    public static RegressorTuning of(Regressor model) {
        return new RegressorTuning(BadArgumentException.required(model, "model"));
    }

    /** Fine-tunes a tagger on texts with spans. */
    public static TaggerTuning of(Tagger model) {
        return new TaggerTuning(BadArgumentException.required(model, "model"));
    }

    /** Fine-tunes a language model to predict the next token. */
    public static CausalTuning of(PretrainedModel model) {
        return new CausalTuning(BadArgumentException.required(model, "model"));
    }

    /** Trains a model's vectors of texts on pairs of texts that belong together. */
    public static PairTuning pairs(PretrainedModel model) {
        return new PairTuning(BadArgumentException.required(model, "model"));
    }

    /** This object with its own type. */
    abstract T self();

    /** Examples in a micro-batch. */
    abstract int batchSize();

    /** Prepares the data for a run with these settings. */
    abstract Task task(TuningSettings settings);

    /** Sets the name of the run in tables and charts; "fine-tuning" unless set. */
    public T named(String value) {
        this.name = BadArgumentException.required(value, "name");
        return self();
    }

    /** Sets the number of epochs; 3 unless set. */
    public T epochs(int value) {
        TuningSettings.atLeast(1, "epochs", value, "at least 1");
        this.epochs = value;
        return self();
    }

    /** Ends the run after so many updates, even within an epoch. */
    public T maxSteps(int value) {
        TuningSettings.atLeast(0, "maxSteps", value, "0 (no limit) or more");
        this.maxSteps = value;
        return self();
    }

    /** Accumulates the gradients of so many micro-batches for each update; the loss is the mean over all their targets. */
    public T accumulate(int batches) {
        TuningSettings.atLeast(1, "accumulate", batches, "at least 1 micro-batch");
        this.accumulation = batches;
        return self();
    }

    /**
     * Sets the peak learning rate; 2e-4 unless set. {@link #findLearningRate} proposes one.
     *
     * @param value above 0 and at most 1; {@link #adamW} takes any rate
     */
    public T learningRate(double value) {
        TuningSettings.checkLearningRate(value);
        this.optimizer = optimizer.learningRate(value);
        return self();
    }

    /** Sets all options of the optimizer. */
    public T adamW(AdamW value) {
        this.optimizer = BadArgumentException.required(value, "adamW");
        return self();
    }

    /** Sets AdamW's decoupled weight decay; 0 unless set. */
    public T weightDecay(double value) {
        this.optimizer = optimizer.weightDecay(value);
        return self();
    }

    /** Sets the learning-rate schedule; constant unless set. */
    public T schedule(Schedule value) {
        this.schedule = BadArgumentException.required(value, "schedule");
        return self();
    }

    /** Keeps the optimizer state in host memory; see {@link AdamW#paged}. */
    public T pagedAdamW(double learningRate) {
        TuningSettings.checkLearningRate(learningRate);
        this.optimizer = optimizer.learningRate(learningRate).paged();
        return self();
    }

    /** Clips gradients to this global norm; no clipping unless set. */
    public T clipNorm(double value) {
        TuningSettings.checkNorm("clipNorm", value);
        this.maxNorm = value;
        return self();
    }

    /** Measures training and validation loss every so many updates; 50 unless set; 0: never. */
    public T evaluateEvery(int steps) {
        TuningSettings.atLeast(0, "evaluateEvery", steps, "0 (never) or more");
        this.evaluateEvery = steps;
        return self();
    }

    /** Sets how many batches of each split such an evaluation uses; 5 unless set. */
    public T evaluationBatches(int value) {
        TuningSettings.atLeast(1, "evaluationBatches", value, "at least 1");
        this.evaluationBatches = value;
        return self();
    }

    /** Prints the mean training loss every so many updates; 0: never, unless set. See {@link TrainingRun#log()}. */
    public T logEvery(int steps) {
        TuningSettings.atLeast(0, "logEvery", steps, "0 (never) or more");
        this.logEvery = steps;
        return self();
    }

    /** Writes checkpoints, from which {@link #resume} continues. */
    public T checkpoints(Checkpoints value) {
        this.checkpoints = Optional.of(BadArgumentException.required(value, "checkpoints"));
        return self();
    }

    /** Writes a checkpoint every so many updates, of which the last two are kept; see {@link Checkpoints}. */
    public T saveEvery(int steps, Path folder) {
        return checkpoints(Checkpoints.in(folder).every(steps));
    }

    /** Writes checkpoints as {@link #saveEvery(int, Path)} does. */
    public T saveEvery(int steps, String folder) {
        return saveEvery(steps, Path.of(folder));
    }

    /**
     * Keeps only the input of each layer and recomputes its activations in the backward pass (gradient checkpointing, Chen et
     * al. 2016): about a third more time for a fraction of the activation memory. The gradients are the same.
     */
    public T recompute() {
        this.memoryOptions = new MemoryOptions(true, memoryOptions.lossRows());
        return self();
    }

    /**
     * Sets how many rows of logits exist at a time; 256 unless set; 0: all. The gradients are the same.
     *
     * @param rows tokens, each with a logit for every entry of the vocabulary
     */
    public T lossRows(int rows) {
        this.memoryOptions = new MemoryOptions(memoryOptions.recompute(), rows);
        return self();
    }

    /**
     * Sets what the run minimises. Unless set it is the cross-entropy, of each label by itself where a text may have several, or the
     * squared error of a number; evaluations report these all the same. A lambda will do.
     *
     * @param value such as {@code Loss.labelSmoothing(0.1)}
     */
    public T loss(Loss value) {
        this.loss = BadArgumentException.required(value, "loss");
        return self();
    }

    /** Ends the run when the validation loss has not improved for so many evaluations; 0: never, unless set. */
    public T earlyStopping(int evaluations) {
        TuningSettings.atLeast(0, "earlyStopping", evaluations, "0 (no early stopping) or more");
        this.patience = evaluations;
        return self();
    }

    /** Sets the seed of shuffling and dropout; 123 unless set. */
    public T seed(long value) {
        this.seed = value;
        return self();
    }

    /**
     * Adds a DJL training listener. It finds each update's "loss", "learning_rate", "gradient_norm" and "tokens" (all until then) in
     * {@code trainer.getMetrics()}.
     */
    public T with(TrainingListener listener) {
        listeners.add(BadArgumentException.required(listener, "listener"));
        return self();
    }

    /** Prints no lines and draws no live chart; the progress bar stays. */
    public T quietly() {
        this.quiet = true;
        return self();
    }

    /**
     * Computes the gradients elsewhere than in this process, such as on a Spark cluster. Losses and weights are the same to the last
     * digit. Listeners of DJL see the updates, not the arrays of their micro-batches.
     *
     * @param value such as {@code SparkCluster.of(spark)} of lorikeet-spark
     */
    public T over(GradientSources value) {
        this.gradients = BadArgumentException.required(value, "over");
        return self();
    }

    /** The current settings. */
    public TuningSettings settings() {
        return new TuningSettings(
                epochs,
                maxSteps,
                batchSize(),
                accumulation,
                optimizer,
                schedule,
                maxNorm,
                evaluateEvery,
                evaluationBatches,
                logEvery,
                width(),
                patience,
                seed,
                memoryOptions,
                loss == null ? usualLoss() : loss);
    }

    /** @throws BadArgumentException if the loss that is set cannot be computed from such answers */
    final void checkLoss(LabelKind kind) {
        BadArgumentException.unless(
                loss == null || loss.fits(kind),
                "loss",
                loss,
                "%s or one of your own, since the model learns %s".formatted(usualLoss(), kind));
    }

    /** What is minimised unless a loss is set. */
    Loss usualLoss() {
        return Loss.crossEntropy();
    }

    final LanguageModel model() {
        return model;
    }

    final long seed() {
        return seed;
    }

    /** The length to which texts are padded; empty: to the longest of the batch. */
    OptionalInt width() {
        return OptionalInt.empty();
    }

    /**
     * Trains the model. An interrupt ends the run within a step without an error: the model keeps what it has learned, the result
     * says that the run was interrupted, and a checkpoint of the last finished step is written if checkpoints are on.
     *
     * @throws BadArgumentException if a setting cannot be used, the training split is smaller than a batch, or the checkpoint folder
     *     holds checkpoints already
     * @throws dev.lorikeet.base.UnknownNameException if a label is not one of the model's
     * @throws dev.lorikeet.base.LorikeetException if every parameter is frozen
     * @throws dev.lorikeet.base.StoppedException if interrupted before training began
     * @throws TrainingFailedException if an error ends it after some steps, such as a full disk; it has the record until then
     */
    public TrainingRun run() {
        return run(false);
    }

    /**
     * Resumes from the newest intact checkpoint as if the run had never stopped: on the same machine with the same number of
     * threads, the losses are the same to the last digit. The model must be as it was when the run began, with its adapter
     * injected. Data and settings must be the same, except those that only cost time or memory, and the number of epochs under a
     * constant schedule. Without a checkpoint the run starts from the beginning and prints that.
     *
     * @throws CheckpointMismatchException if the checkpoint has another model, other data or other settings; the model is
     *     unchanged
     */
    public TrainingRun resume() {
        BadArgumentException.unless(
                checkpoints.isPresent(),
                "checkpoints",
                "not set",
                "checkpoints(Checkpoints.in(folder)) to resume from");
        return run(true);
    }

    private TrainingRun run(boolean resume) {
        try (ModelLock.Use use = model.occupy("training")) {
            TuningSettings settings = settings();
            Task task = task(settings);
            if (!quiet) {
                new MemoryAdvice(model, settings).warning(task).ifPresent(System.out::println);
            }
            RunOptions options = new RunOptions(
                    name, listeners, quiet, steps -> Progress.start("Training", steps), checkpoints, resume, gradients);
            return new TrainingLoop(model, task, settings, options).run();
        }
    }

    /**
     * What {@link #run} would do, with the data tokenised; {@link dev.lorikeet.train.sweep.Sweep} does it with several settings.
     * Checkpoints, listeners and {@link #over} are not part of it.
     */
    public TrainingPlan plan() {
        TuningSettings settings = settings();
        return new TrainingPlan(name, task(settings), settings, model);
    }

    /**
     * Estimates the memory that the run needs on its largest batch with the current settings, and gives the memory that is
     * available. It does not train; the estimate is accurate to about 25 %.
     */
    public MemoryEstimate estimate() {
        try (ModelLock.Use use = model.use("estimating memory")) {
            TuningSettings settings = settings();
            return new MemoryEstimator(model, settings).estimate(task(settings));
        }
    }

    /**
     * Finds a learning rate by a range test (Smith 2017): trains at most 100 updates on the training split while the rate rises
     * from 1e-6 to 1, and stops where the loss diverges. The model, its adapter and this object are then as they were.
     *
     * <pre>{@code
     * var found = FineTune.of(model).on(data).findLearningRate();
     * Plots.learningRate(found)
     * FineTune.of(model).on(data).learningRate(found.suggestion()).run();
     * }</pre>
     *
     * @throws dev.lorikeet.base.StoppedException if interrupted
     */
    public LearningRateTest findLearningRate() {
        try (ModelLock.Use use = model.occupy("finding a learning rate for")) {
            TuningSettings settings = settings();
            return new LearningRateFinder(model, task(settings), settings, name).run();
        }
    }

    /** Says in a line what would be trained. */
    @Override
    public String toString() {
        return TuningView.line(this);
    }

    /** Shows what would be trained: data, steps, settings, trainable parameters and the memory estimate. */
    @Override
    public String html() {
        return TuningView.html(this);
    }

    /** Describes the training data without reading it all, such as "1,045 rows"; empty if none is set. */
    abstract Optional<String> data();

    /** The name of the run in tables and charts. */
    public final String name() {
        return name;
    }
}
