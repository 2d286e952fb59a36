package dev.lorikeet.train;

import java.util.List;

/**
 * What a run learns from, and the looks that it takes at how it does.
 *
 * @param <B> kind of batch
 */
interface Task<B> {

    Objective<B> objective();

    /** Batches in an epoch. */
    int perEpoch();

    List<B> epoch(int number);

    /** Whether there is anything to look at while it runs. */
    boolean isWatched();

    boolean hasValidation();

    /** On the first batches of what is learned. */
    Score onTraining();

    /** On the first batches of the validation part. */
    Score onValidation();

    /** What of the data is not as the reader may think, in a line; empty if nothing. */
    String remark();
}
