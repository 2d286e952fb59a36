package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
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
        MemoryOptions memory) {

    public TuningSettings {
        BadArgumentException.unless(epochs > 0, "epochs", epochs, "at least 1");
        BadArgumentException.unless(maxSteps >= 0, "maxSteps", maxSteps, "0 (no limit) or more");
        BadArgumentException.unless(batchSize > 0, "batch size", batchSize, "at least 1");
        BadArgumentException.unless(accumulation > 0, "accumulation", accumulation, "at least 1");
        BadArgumentException.unless(maxNorm >= 0, "maxNorm", maxNorm, "0 (no clipping) or more");
        BadArgumentException.unless(evaluateEvery >= 0, "evaluateEvery", evaluateEvery, "0 (never) or more");
        BadArgumentException.unless(evaluationBatches > 0, "evaluationBatches", evaluationBatches, "at least 1");
        BadArgumentException.unless(logEvery >= 0, "logEvery", logEvery, "0 (never) or more");
        BadArgumentException.unless(patience >= 0, "patience", patience, "0 (no early stopping) or more");
        BadArgumentException.unless(
                patience == 0 || evaluateEvery > 0,
                "evaluateEvery",
                evaluateEvery,
                "1 or more, as early stopping needs evaluations");
        BadArgumentException.unless(width.orElse(1) > 0, "padTo", width.orElse(1), "at least 1 token");
    }
}
