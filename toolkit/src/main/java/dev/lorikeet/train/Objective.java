package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.LanguageModel;

/**
 * What is learned from a batch: rows of logits and the label that each should have.
 *
 * @param <B> kind of batch
 */
interface Objective<B> {

    /**
     * One forward pass.
     *
     * @param ids int64 (batch, time)
     * @param logits float32 (rows, classes)
     * @param labels int64 (rows)
     */
    record Scored(NDArray ids, NDArray logits, NDArray labels) {}

    LanguageModel model();

    /** Runs the model; all arrays belong to {@code scope}. */
    Scored score(NDManager scope, B batch, boolean training);

    /** Labels in the batch, over which the loss is a mean. */
    int targets(B batch);

    int examples(B batch);

    /** Real tokens, without padding. */
    long tokens(B batch);
}
