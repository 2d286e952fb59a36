package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import java.util.OptionalInt;

/**
 * How a fine-tuning run goes.
 *
 * @param epochs times through the training set
 * @param maxSteps updates after which it ends early; 0: none
 * @param batchSize examples in a micro-batch
 * @param accumulation micro-batches in an update
 * @param optimizer settings of AdamW
 * @param schedule of the learning rate
 * @param maxNorm global gradient norm to which is clipped; 0: not at all
 * @param evaluateEvery updates between two evaluations; 0: none
 * @param evaluationBatches batches of each set in such an evaluation
 * @param logEvery updates between two lines with the mean loss since the last one; 0: none
 * @param width to which texts are padded; empty: to the longest of the batch
 * @param patience evaluations without a better validation loss after which it ends; 0: it does not
 * @param seed of the order of the examples and of dropout
 * @param memory what is given for less memory
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
                "1 or more, as early stopping goes by the evaluations");
        BadArgumentException.unless(width.orElse(1) > 0, "padTo", width.orElse(1), "at least 1 token");
    }
}
