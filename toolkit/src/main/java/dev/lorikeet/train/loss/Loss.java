package dev.lorikeet.train.loss;

import ai.djl.ndarray.NDArray;

/**
 * What a training minimises: the loss of each text of a classifier, or of each token of a language model. A run minimises their mean.
 * Write one of your own as a lambda, with the operations of DJL's arrays, such as {@code (logits, labels) ->
 * Loss.crossEntropy().of(logits, labels).mul(Loss.constant(2, logits))}. Numbers by which something is multiplied, divided or raised
 * must be constants like this one: the memory of a plain Java number is free before the backward pass reads it.
 */
@FunctionalInterface
public interface Loss {

    /**
     * Computes the loss of each row. The rows of a batch may come in several chunks.
     *
     * @param logits float32 (rows, classes); the gradient flows back through them
     * @param labels int64 (rows), the right classes; where a text may have several labels float32 (rows, classes), 1 for those that hold; in a
     *     regression float32 (rows, 1), the numbers
     * @return float32 (rows)
     */
    NDArray of(NDArray logits, NDArray labels);

    /** Whether it can be computed from such answers; one of your own is trusted. */
    default boolean fits(LabelKind kind) {
        return true;
    }

    /**
     * Creates an array that holds a number until the chunk is done.
     *
     * @param logits as {@link #of} got them
     * @return float32 ()
     */
    static NDArray constant(double value, NDArray logits) {
        return logits.getManager().create((float) value);
    }

    /** Creates the cross-entropy, which is the loss unless set. */
    static Loss crossEntropy() {
        return new CrossEntropy();
    }

    /**
     * Creates the binary cross-entropy of each label by itself, their mean: the loss of a classifier whose texts may have several labels,
     * as PyTorch's {@code BCEWithLogitsLoss}.
     */
    static Loss binaryCrossEntropy() {
        return new BinaryCrossEntropy();
    }

    /** Creates the squared difference of the logit and the number that it should be: the loss of a regression. */
    static Loss meanSquaredError() {
        return new MeanSquaredError();
    }

    /**
     * Creates the cross-entropy with label smoothing (Szegedy et al. 2016), as PyTorch's {@code label_smoothing}: a share of the
     * probability of the right class is spread over all classes, so that the model does not get too sure.
     *
     * @param share 0 to 1, such as 0.1
     */
    static Loss labelSmoothing(double share) {
        return new LabelSmoothing(share);
    }

    /**
     * Creates the focal loss (Lin et al. 2017): the cross-entropy times (1 − p)^gamma, where p is the probability of the right class.
     * What the model knows already counts less.
     *
     * @param gamma 0 or more, such as 2; 0 is the cross-entropy
     */
    static Loss focal(double gamma) {
        return new FocalLoss(gamma);
    }
}
