package dev.lorikeet.train;

import dev.lorikeet.base.Quantities;
import dev.lorikeet.data.Batch;
import dev.lorikeet.train.score.Score;
import dev.lorikeet.train.step.Objective;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The data of a run: what it trains on, and how it is evaluated.
 *
 * @param the type of batch
 */
interface Task extends Serializable {

    Objective objective();

    /** The number of micro-batches in an epoch. */
    int batchesPerEpoch();

    /** The micro-batches of an epoch, numbered from 0. */
    List<Batch> epoch(int number);

    /** Batches of the first epoch that stand for all in estimates and fingerprints: all of them, or the first of a stream. */
    default List<Batch> sample() {
        return epoch(0);
    }

    /** Whether the run evaluates losses at all. */
    default boolean isEvaluated() {
        return hasValidation();
    }

    boolean hasValidation();

    /** The score on the first batches of the training split. */
    Score trainingScore();

    /** The score on the first batches of the validation split. */
    Score validationScore();

    /** The names of the splits that can select the best checkpoint. */
    Set<String> validationSplits();

    /** The score on all of such a split. */
    Score score(String split);

    /** Formats a loss for printing. */
    default String formatLoss(double loss) {
        return Quantities.loss(loss);
    }

    /** The properties of the data that must not change when a run resumes; see {@link RunFingerprint}. */
    Map<String, String> fingerprint();

    /** A line to print about data that is cut or left out; empty if there is none. */
    String notice();
}
