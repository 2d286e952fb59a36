package dev.lorikeet.train.worker;

import dev.lorikeet.train.step.LossResult;
import java.io.Serializable;

/**
 * The gradients of one or more micro-batches, added up.
 *
 * @param values as {@link dev.lorikeet.train.step.TrainedParameters} orders them
 * @param loss sum over the labels
 * @param correct labels that are right; NaN where nothing is right or wrong
 * @param seconds that the forward and backward passes took
 */
public record Gradients(byte[] values, double loss, double correct, double seconds) implements Serializable {

    public LossResult result() {
        return new LossResult(loss, correct);
    }
}
