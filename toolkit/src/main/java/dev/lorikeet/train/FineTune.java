package dev.lorikeet.train;

import ai.djl.training.listener.TrainingListener;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.memory.MemoryEstimate;
import dev.lorikeet.model.CausalModel;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Fine-tunes a model: trains what is not frozen, an adapter or the model itself. A builder: each method changes this one and
 * gives it back, and {@link #run} does the work.
 *
 * @param <T> the kind of fine-tuning, which its methods give back
 */
public abstract sealed class FineTune<T extends FineTune<T>> permits ClassifierTuning, CausalTuning {

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
    private MemoryOptions knobs = MemoryOptions.DEFAULT;
    private Optional<Checkpoints> checkpoints = Optional.empty();

    FineTune(LanguageModel model) {
        this.model = model;
    }

    /** To label texts. */
    public static ClassifierTuning of(Classifier model) {
        return new ClassifierTuning(model);
    }

    /** To go on with texts. */
    public static CausalTuning of(CausalModel model) {
        return new CausalTuning(model);
    }

    /** This one, under its own type. */
    abstract T self();

    /** Rows in a batch. */
    abstract int batchSize();

    /** Gets the data ready for a run with these settings. */
    abstract Task<?> task(TuningSettings settings);

    /** What tables and charts call the run. */
    public T named(String value) {
        this.name = value;
        return self();
    }

    /** Times through the training set; 3 unless set. */
    public T epochs(int value) {
        this.epochs = value;
        return self();
    }

    /** Ends the run after so many updates, in the middle of an epoch if need be. */
    public T maxSteps(int value) {
        this.maxSteps = value;
        return self();
    }

    /** Adds up the gradients of so many batches for one update; the loss stays a mean over all their examples. */
    public T accumulate(int batches) {
        this.accumulation = batches;
        return self();
    }

    /** The peak learning rate; 2e-4 unless set. */
    public T adamW(double learningRate) {
        this.optimizer = optimizer.learningRate(learningRate);
        return self();
    }

    /** All settings of the optimizer. */
    public T adamW(AdamW value) {
        this.optimizer = value;
        return self();
    }

    /** AdamW's decoupled decay; 0 unless set. */
    public T weightDecay(double value) {
        this.optimizer = optimizer.weightDecay(value);
        return self();
    }

    /** How the learning rate runs; constant unless set. */
    public T schedule(Schedule value) {
        this.schedule = value;
        return self();
    }

    /** Keeps the optimizer's state in the host's memory; see {@link AdamW#paged}. */
    public T pagedAdamW(double learningRate) {
        this.optimizer = optimizer.learningRate(learningRate).paged();
        return self();
    }

    /** Clips gradients to this global norm; not done unless set. */
    public T clipNorm(double value) {
        this.maxNorm = value;
        return self();
    }

    /** Measures both losses every so many updates, 50 unless set; 0: never. */
    public T evaluateEvery(int steps) {
        this.evaluateEvery = steps;
        return self();
    }

    /** Batches of each set that such a measurement looks at; 5 unless set. */
    public T evaluationBatches(int value) {
        this.evaluationBatches = value;
        return self();
    }

    /** Prints the mean training loss of every so many updates; not done unless set, or 0. See {@link TrainingRun#log()}. */
    public T logEvery(int steps) {
        this.logEvery = steps;
        return self();
    }

    /** Writes checkpoints, from which {@link #resume} can go on. */
    public T checkpoints(Checkpoints value) {
        this.checkpoints = Optional.of(value);
        return self();
    }

    /** Writes a checkpoint every so many updates, of which the last two stay; see {@link Checkpoints}. */
    public T saveEvery(int steps, Path folder) {
        return checkpoints(Checkpoints.in(folder).every(steps));
    }

    /**
     * Keeps of each layer only what enters it, and computes the rest again on the way back: about a third more time for a
     * fraction of the activations' memory (Chen et al. 2016). The gradients are the same.
     */
    public T recompute() {
        this.knobs = new MemoryOptions(true, knobs.lossRows());
        return self();
    }

    /**
     * Rows of logits that are held at a time, 256 unless set; 0: all, as elsewhere. The gradients are the same.
     *
     * @param rows tokens, each with a logit for every entry of the vocabulary
     */
    public T lossRows(int rows) {
        this.knobs = new MemoryOptions(knobs.recompute(), rows);
        return self();
    }

    /** Ends the run when the validation loss has not improved for so many evaluations; not done unless set, or 0. */
    public T earlyStopping(int evaluations) {
        this.patience = evaluations;
        return self();
    }

    /** Of the order of the examples and of dropout; 123 unless set. */
    public T seed(long value) {
        this.seed = value;
        return self();
    }

    /** Adds a DJL listener; it hears of every batch and epoch. */
    public T with(TrainingListener listener) {
        listeners.add(listener);
        return self();
    }

    /** Prints no lines and draws no chart while it runs; the progress bar stays. */
    public T quietly() {
        this.quiet = true;
        return self();
    }

    /** What is set at present. */
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
                knobs);
    }

    final LanguageModel model() {
        return model;
    }

    final long seed() {
        return seed;
    }

    /** To which texts are padded; empty: to the longest of the batch. */
    OptionalInt width() {
        return OptionalInt.empty();
    }

    /**
     * Trains. An interrupt ends the run within a step and is no error: the model keeps what it has learned, the result says
     * that the run was stopped, and with checkpoints one is written of the last step that was finished.
     *
     * @throws BadArgumentException if a setting cannot be used, the training part is smaller than a batch, or the folder of the
     *     checkpoints has some already
     * @throws dev.lorikeet.base.UnknownNameException if the model does not know a label
     * @throws dev.lorikeet.base.LorikeetException if every parameter is frozen
     * @throws dev.lorikeet.base.StoppedException if an interrupt came before training began
     */
    public TrainingRun run() {
        return run(false);
    }

    /**
     * Goes on from the newest intact checkpoint, as if the run had never stopped: the losses that follow are the same to the
     * last digit on the same machine with the same number of threads. The model must be as it was when the run began, its
     * adapter injected; data and settings must be the same, but for what only costs time or memory, and with a constant schedule
     * the epochs. Without a checkpoint the run begins anew, and says so.
     *
     * @throws OtherRunException if the checkpoint is of another model, other data or other settings; nothing has changed
     */
    public TrainingRun resume() {
        BadArgumentException.unless(
                checkpoints.isPresent(), "checkpoints", "not set", "checkpoints(Checkpoints.in(folder)) to go on from");
        return run(true);
    }

    private TrainingRun run(boolean resume) {
        TuningSettings settings = settings();
        return loop(task(settings), settings, new RunOptions(name, listeners, quiet, checkpoints, resume))
                .run();
    }

    /**
     * What the run would need with the present settings, on its largest batch, beside what there is. Nothing is trained; the
     * figures are right to about a quarter.
     */
    public MemoryEstimate estimate() {
        TuningSettings settings = settings();
        return new Estimator(model, settings).estimate(task(settings));
    }

    private <B> Loop<B> loop(Task<B> task, TuningSettings settings, RunOptions options) {
        return new Loop<>(model, task, settings, options);
    }
}
