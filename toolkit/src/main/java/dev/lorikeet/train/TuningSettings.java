package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.AdamW;
import dev.lorikeet.train.step.MemoryOptions;
import java.io.Serializable;
import java.util.OptionalInt;

/**
 * The settings of a fine-tuning run.
 *
 * @param epochs passes over the training set
 * @param maxSteps updates after which the run ends early; 0: no limit
 * @param batchSize examples in a micro-batch
 * @param accumulation micro-batches whose gradients make an update
 * @param optimizer settings of AdamW
 * @param schedule learning-rate schedule
 * @param maxNorm global norm to which gradients are clipped; 0: no clipping
 * @param evaluateEvery updates between two evaluations; 0: no evaluations
 * @param evaluationBatches batches of each split in such an evaluation
 * @param logEvery updates between two printed mean losses; 0: none
 * @param width length in tokens to which texts are padded; empty: to the longest of the batch
 * @param patience evaluations without a lower validation loss after which the run stops early; 0: never
 * @param seed seed of shuffling and dropout
 * @param memory options that save memory
 * @param loss what is minimised
 */
public record TuningSettings(
        int epochs,
        int maxSteps,
        int batchSize,
        int accumulation,
        AdamW optimizer,
        Schedule schedule,
        double maxNorm,
        int evaluateEvery,
        int evaluationBatches,
        int logEvery,
        OptionalInt width,
        int patience,
        long seed,
        MemoryOptions memory,
        Loss loss)
        implements Serializable {

    /** Gradients clipped to a smaller norm are lost in float32. */
    private static final double LEAST_NORM = 1e-9;

    public TuningSettings {
        atLeast(1, "epochs", epochs, "at least 1");
        atLeast(0, "maxSteps", maxSteps, "0 (no limit) or more");
        atLeast(1, "batch size", batchSize, "at least 1");
        atLeast(1, "accumulation", accumulation, "at least 1");
        checkNorm("maxNorm", maxNorm);
        atLeast(0, "evaluateEvery", evaluateEvery, "0 (never) or more");
        atLeast(1, "evaluationBatches", evaluationBatches, "at least 1");
        atLeast(0, "logEvery", logEvery, "0 (never) or more");
        atLeast(0, "patience", patience, "0 (no early stopping) or more");
        BadArgumentException.unless(
                patience == 0 || evaluateEvery > 0,
                "evaluateEvery",
                evaluateEvery,
                "1 or more, as early stopping needs evaluations");
        BadArgumentException.unless(width.orElse(1) > 0, "padTo", width.orElse(1), "at least 1 token");
    }

    /** The same with another peak of the learning rate. */
    TuningSettings learningRate(double value) {
        return new TuningSettings(
                epochs,
                maxSteps,
                batchSize,
                accumulation,
                optimizer.learningRate(value),
                schedule,
                maxNorm,
                evaluateEvery,
                evaluationBatches,
                logEvery,
                width,
                patience,
                seed,
                memory,
                loss);
    }

    /** Refuses a number below {@code least}, here and in the setters of a fine-tuning. */
    static void atLeast(int least, String name, int value, String expected) {
        BadArgumentException.unless(value >= least, name, value, expected);
    }

    /** Refuses a rate at which AdamW, whose steps are about as long as the rate, learns nothing or diverges. */
    static void checkLearningRate(double value) {
        BadArgumentException.unless(
                value > 0 && value <= 1,
                "learning rate",
                value,
                "above 0 and at most 1, such as 2e-4; adamW(AdamW.of(rate)) takes any rate");
    }

    static void checkNorm(String name, double value) {
        BadArgumentException.unless(
                value == 0 || value >= LEAST_NORM && Double.isFinite(value),
                name,
                value,
                "a positive number of at least " + LEAST_NORM + ", or 0 (no clipping)");
    }
}
