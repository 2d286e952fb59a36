package dev.lorikeet.train.step;

import dev.lorikeet.model.LanguageModel;

/**
 * The training objective: turns a batch into the input of the loss.
 *
 * @param <B> the type of batch
 */
public interface Objective<B> {

    /** The model that is trained. */
    LanguageModel model();

    /** The token ids of the batch and the labels to predict. */
    LossInput lossInput(B batch);

    /** The number of labels in the batch. */
    int targets(B batch);

    /** How much they count together; the loss is their weighted mean. */
    default double weight(B batch) {
        return targets(batch);
    }

    /** The number of examples in the batch. */
    int examples(B batch);

    /** The number of tokens without padding. */
    long tokens(B batch);

    /** The number of tokens, padding included. */
    long positions(B batch);
}
