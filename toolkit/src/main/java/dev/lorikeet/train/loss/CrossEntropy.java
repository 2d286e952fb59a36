package dev.lorikeet.train.loss;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/** Minus the logarithm of the probability of the right class. */
public record CrossEntropy() implements Loss, Serializable {

    @Override
    public NDArray of(NDArray logits, NDArray labels) {
        return rightLogProbabilities(logits.logSoftmax(1), labels).neg();
    }

    /** Picks the entry of the right class in each row. */
    static NDArray rightLogProbabilities(NDArray logProbabilities, NDArray labels) {
        return logProbabilities.gather(labels.expandDims(1), 1).squeeze(1);
    }

    @Override
    public boolean fits(LabelKind kind) {
        return kind == LabelKind.CLASS;
    }

    @Override
    public String toString() {
        return "cross-entropy";
    }
}
