package dev.lorikeet.train.loss;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/** See {@link Loss#binaryCrossEntropy}. */
public record BinaryCrossEntropy() implements Loss, Serializable {

    /** log(1 + exp(x)) − y·x, in a form that does not overflow. */
    @Override
    public NDArray of(NDArray logits, NDArray labels) {
        NDArray positive = logits.maximum(Loss.constant(0, logits));
        NDArray rest = logits.abs().neg().exp().add(1).log();
        return positive.sub(logits.mul(labels)).add(rest).mean(new int[] {1});
    }

    @Override
    public boolean fits(LabelKind kind) {
        return kind == LabelKind.CLASSES;
    }

    @Override
    public String toString() {
        return "binary cross-entropy";
    }
}
