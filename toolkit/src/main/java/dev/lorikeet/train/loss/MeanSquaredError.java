package dev.lorikeet.train.loss;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/** See {@link Loss#meanSquaredError}. */
record MeanSquaredError() implements Loss, Serializable {

    @Override
    public NDArray of(NDArray logits, NDArray labels) {
        return logits.sub(labels).square().mean(new int[] {1});
    }

    @Override
    public boolean fits(LabelKind kind) {
        return kind == LabelKind.NUMBER;
    }

    @Override
    public String toString() {
        return "mean squared error";
    }
}
