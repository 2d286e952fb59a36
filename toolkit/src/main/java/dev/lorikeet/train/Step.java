package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One parameter update: forward, loss and backward for each micro-batch, then clip and AdamW. Everything made on the way
 * belongs to one scope a micro-batch and goes with it.
 */
final class Step<B> {

    /**
     * What one update measured.
     *
     * @param loss mean over the targets
     * @param accuracy share of the targets that were the likeliest
     * @param gradientNorm before clipping; not finite if the update was left out
     */
    record Result(double loss, double accuracy, int targets, double gradientNorm) {

        /** Whether the parameters were changed. */
        boolean applied() {
            return Double.isFinite(gradientNorm);
        }
    }

    private final Objective<B> objective;
    private final BackwardPass gradients;
    private final Optimizer optimizer;
    private final LossScale scale;
    private final double maxNorm;
    private int updates;

    Step(Objective<B> objective, BackwardPass gradients, Optimizer optimizer, LossScale scale, double maxNorm) {
        this.objective = objective;
        this.gradients = gradients;
        this.optimizer = optimizer;
        this.scale = scale;
        this.maxNorm = maxNorm;
    }

    /** Takes up a run after so many updates. */
    void goOnAfter(int updates) {
        this.updates = updates;
    }

    /** Whether an update may be left out now and then without anything being wrong. */
    boolean expectsOverflows() {
        return scale.isUsed();
    }

    /**
     * @param microBatches whose gradients are added up; the loss is the mean over the targets of all of them, and one
     *     without a target is left out
     * @param observer sees each micro-batch's arrays before they are freed
     * @throws StoppedException if interrupted between two micro-batches; nothing has changed
     */
    Result run(List<B> microBatches, double learningRate, BiConsumer<B, BackwardPass.Seen> observer) {
        int targets = microBatches.stream().mapToInt(objective::targets).sum();
        BadArgumentException.unless(targets > 0, "targets of the batch", targets, "at least one label to learn");
        boolean complete = false;
        gradients.begin(updates);
        try {
            double loss = 0;
            long right = 0;
            for (B batch : microBatches) {
                StoppedException.check("Training was stopped");
                if (objective.targets(batch) > 0) {
                    LossResult answer = gradients.add(
                            objective.question(batch), scale.value() / targets, seen -> observer.accept(batch, seen));
                    loss += answer.loss();
                    right += answer.right();
                }
            }
            complete = true;
            double norm = optimizer.step(learningRate, maxNorm, scale.value());
            scale.saw(Double.isFinite(norm));
            updates++;
            return new Result(loss / targets, (double) right / targets, targets, norm);
        } finally {
            if (!complete) {
                optimizer.discard();
            }
        }
    }
}
