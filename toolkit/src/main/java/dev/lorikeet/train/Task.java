package dev.lorikeet.train;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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

    /** The names of the parts by whose loss the best checkpoint may be chosen. */
    Set<String> validationSplits();

    /** The mean loss over the whole of such a part. */
    double loss(String split);

    /** A loss as it is printed. */
    default String inWords(double loss) {
        return String.format(Locale.ROOT, "%.3f", loss);
    }

    /** What must be the same for a run to be gone on with; see {@link RunFingerprint}. */
    Map<String, String> facts();

    /** What of the data is not as the reader may think, in a line; empty if nothing. */
    String remark();
}
