package dev.lorikeet.train;

import dev.lorikeet.model.LanguageModel;

/**
 * What is learned from a batch.
 *
 * @param <B> kind of batch
 */
interface Objective<B> {

    LanguageModel model();

    LossInput question(B batch);

    /** Labels in the batch, over which the loss is a mean. */
    int targets(B batch);

    int examples(B batch);

    /** Real tokens, without padding. */
    long tokens(B batch);

    /** Tokens, padding included. */
    long positions(B batch);
}
