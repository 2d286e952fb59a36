package dev.lorikeet.spark;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.train.loss.Loss;
import java.io.Serializable;

/** Ends the process that computes it, as a lack of memory does. */
record HaltingLoss() implements Loss, Serializable {

    @Override
    public NDArray of(NDArray logits, NDArray labels) {
        Runtime.getRuntime().halt(137);
        return logits;
    }
}
