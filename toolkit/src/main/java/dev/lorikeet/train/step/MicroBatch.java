package dev.lorikeet.train.step;

import dev.lorikeet.data.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A part of an update whose gradient is computed at once, on whatever machine.
 *
 * @param batch that it was made of
 * @param input what the model reads of it, and what it should say
 * @param factor on its gradient, so that the gradients of all parts add up to that of the update's mean loss
 * @param dropoutSeed seed of its dropout masks
 */
public record MicroBatch(Batch batch, LossInput input, double factor, long dropoutSeed) {

    /** Distance between the {@link SplittableRandom} states of two updates: 2⁶⁴ over the golden ratio. */
    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    /**
     * Plans an update: one part for each batch that has a target.
     *
     * @param factor on the gradient of each target
     * @param seed of the run
     * @param update number of the update, from 0
     */
    static List<MicroBatch> plan(Objective objective, List<Batch> batches, double factor, long seed, int update) {
        List<MicroBatch> plan = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            if (batch.targetCount() > 0) {
                plan.add(new MicroBatch(batch, objective.lossInput(batch), factor, dropoutSeed(seed, update, i)));
            }
        }
        return plan;
    }

    /**
     * The seed of a micro-batch's dropout masks. It depends on these numbers alone, so that a resumed run and another machine draw the
     * same masks.
     *
     * @param seed of the run
     * @param update number of the update, from 0
     * @param number of the micro-batch in the update, from 0
     */
    public static long dropoutSeed(long seed, int update, int number) {
        long drawn = seed + update * STRIDE;
        for (int i = 0; i <= number; i++) {
            drawn = new SplittableRandom(drawn).nextLong();
        }
        return drawn;
    }
}
