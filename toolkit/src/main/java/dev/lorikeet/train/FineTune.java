package dev.lorikeet.train;

import ai.djl.training.listener.TrainingListener;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Splits;
import dev.lorikeet.model.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Fine-tunes a classifier: trains what is not frozen, an adapter or the model itself. A builder: each method changes this
 * one and gives it back, and {@link #run} does the work.
 */
public final class FineTune {

    private final Classifier model;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private Splits splits;
    private String name = "fine-tuning";
    private int epochs = 3;
    private int maxSteps;
    private int batchSize = 8;
    private int accumulation = 1;
    private AdamW optimizer = AdamW.of(2e-4);
    private Schedule schedule = Schedule.constant();
    private double maxNorm;
    private int evaluateEvery = 50;
    private int evaluationBatches = 5;
    private OptionalInt width = OptionalInt.empty();
    private int patience;
    private long seed = 123;
    private boolean quiet;

    private FineTune(Classifier model) {
        this.model = model;
    }

    public static FineTune of(Classifier model) {
        return new FineTune(model);
    }

    /** The examples to learn from and to watch; the test part is not looked at. */
    public FineTune on(Splits value) {
        this.splits = value;
        return this;
    }

    /** What tables and charts call the run. */
    public FineTune named(String value) {
        this.name = value;
        return this;
    }

    /** Times through the training set; 3 unless set. */
    public FineTune epochs(int value) {
        this.epochs = value;
        return this;
    }

    /** Ends the run after so many updates, in the middle of an epoch if need be. */
    public FineTune maxSteps(int value) {
        this.maxSteps = value;
        return this;
    }

    /** Examples in a batch; 8 unless set. */
    public FineTune batchSize(int value) {
        this.batchSize = value;
        return this;
    }

    /** Adds up the gradients of so many batches for one update; the loss stays a mean over all their examples. */
    public FineTune accumulate(int batches) {
        this.accumulation = batches;
        return this;
    }

    /** The peak learning rate; 2e-4 unless set. */
    public FineTune adamW(double learningRate) {
        this.optimizer = optimizer.learningRate(learningRate);
        return this;
    }

    /** All settings of the optimizer. */
    public FineTune adamW(AdamW value) {
        this.optimizer = value;
        return this;
    }

    /** AdamW's decoupled decay; 0 unless set. */
    public FineTune weightDecay(double value) {
        this.optimizer = optimizer.weightDecay(value);
        return this;
    }

    /** How the learning rate runs; constant unless set. */
    public FineTune schedule(Schedule value) {
        this.schedule = value;
        return this;
    }

    /** Clips gradients to this global norm; not done unless set. */
    public FineTune clipNorm(double value) {
        this.maxNorm = value;
        return this;
    }

    /** Measures both losses every so many updates, 50 unless set; 0: never. */
    public FineTune evaluateEvery(int steps) {
        this.evaluateEvery = steps;
        return this;
    }

    /** Batches of each set that such a measurement looks at; 5 unless set. */
    public FineTune evaluationBatches(int value) {
        this.evaluationBatches = value;
        return this;
    }

    /** Pads and cuts every text to so many tokens, as Appendix E does to 120; else to the longest of each batch. */
    public FineTune padTo(int tokens) {
        this.width = OptionalInt.of(tokens);
        return this;
    }

    /** Ends the run when the validation loss has not improved for so many evaluations; not done unless set, or 0. */
    public FineTune earlyStopping(int evaluations) {
        this.patience = evaluations;
        return this;
    }

    /** Of the order of the examples and of dropout; 123 unless set. */
    public FineTune seed(long value) {
        this.seed = value;
        return this;
    }

    /** Adds a DJL listener; it hears of every batch and epoch. */
    public FineTune with(TrainingListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Prints no lines while it runs; the progress bar stays. */
    public FineTune quietly() {
        this.quiet = true;
        return this;
    }

    /** What is set at present. */
    public TuningSettings settings() {
        return new TuningSettings(
                epochs,
                maxSteps,
                batchSize,
                accumulation,
                optimizer,
                schedule,
                maxNorm,
                evaluateEvery,
                evaluationBatches,
                width,
                patience,
                seed);
    }

    /**
     * Trains. An interrupt ends the run within a step and is no error: the model keeps what it has learned, and the result
     * says that the run was stopped.
     *
     * @throws dev.lorikeet.base.BadArgumentException if a setting cannot be used or the training part is smaller than a batch
     * @throws dev.lorikeet.base.UnknownNameException if the model does not know a label
     * @throws LorikeetException if every parameter is frozen
     * @throws dev.lorikeet.base.StoppedException if an interrupt came before training began
     */
    public TrainingRun run() {
        if (splits == null) {
            throw new LorikeetException("There is nothing to train on; say so with on(splits)");
        }
        return new Loop(name, model, splits, settings(), listeners, quiet).run();
    }
}
