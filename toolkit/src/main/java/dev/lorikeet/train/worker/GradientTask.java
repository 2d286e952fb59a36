package dev.lorikeet.train.worker;

import dev.lorikeet.train.step.LossInput;
import dev.lorikeet.train.step.MicroBatch;
import java.io.Serializable;

/**
 * A {@link MicroBatch} on its way to another machine.
 *
 * @param input what the model reads, and what it should say
 * @param factor on its gradient
 * @param dropoutSeed seed of its dropout masks
 */
public record GradientTask(LossInput input, double factor, long dropoutSeed) implements Serializable {

    public static GradientTask of(MicroBatch microBatch) {
        return new GradientTask(microBatch.input(), microBatch.factor(), microBatch.dropoutSeed());
    }
}
