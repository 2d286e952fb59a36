package dev.lorikeet.train.step;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Does one parameter update: forward, loss and backward pass for each micro-batch, then clipping and AdamW. The temporary
 * arrays of a micro-batch belong to one scope, which is closed after it.
 */
public final class Step {

    /**
     * The result of one update.
     *
     * @param loss mean over the targets
     * @param accuracy share of the targets to which the model gave the highest probability; NaN where nothing is right or wrong
     * @param gradientNorm before clipping; not finite if the update was skipped
     */
    public record StepResult(double loss, double accuracy, int targets, double gradientNorm) {

        /** Whether the parameters were changed. */
        public boolean applied() {
            return Double.isFinite(gradientNorm);
        }
    }

    private final Objective objective;
    private final GradientSource gradients;
    private final Optimizer optimizer;
    private final GradScaler gradScaler;
    private final double maxNorm;
    private final long seed;
    private int updates;

    /** @param seed of dropout */
    public Step(
            Objective objective,
            GradientSource gradients,
            Optimizer optimizer,
            GradScaler gradScaler,
            double maxNorm,
            long seed) {
        this.objective = objective;
        this.gradients = gradients;
        this.optimizer = optimizer;
        this.gradScaler = gradScaler;
        this.maxNorm = maxNorm;
        this.seed = seed;
    }

    /** Resumes from a run that has done so many updates. */
    public void resumeFrom(int updates) {
        this.updates = updates;
    }

    /** Whether an overflow of float16 may skip an update now and then. */
    public boolean toleratesOverflow() {
        return gradScaler.isEnabled();
    }

    /**
     * Does an update.
     *
     * @param microBatches their gradients are added up; the loss is the weighted mean over the targets of all of them; one without
     *     targets is skipped
     * @param observer sees each micro-batch's arrays before they are freed
     * @throws StoppedException if interrupted between two micro-batches; nothing has changed
     */
    public StepResult run(
            List<Batch> microBatches, double learningRate, BiConsumer<Batch, BackwardPass.MicroBatchArrays> observer) {
        int targets = microBatches.stream().mapToInt(Batch::targetCount).sum();
        BadArgumentException.unless(targets > 0, "targets of the batch", targets, "at least one label to learn");
        double weight = microBatches.stream().mapToDouble(objective::weight).sum();
        boolean complete = false;
        try {
            LossResult all = gradients.accumulate(
                    MicroBatch.plan(objective, microBatches, gradScaler.value() / weight, seed, updates), observer);
            complete = true;
            double norm = optimizer.step(learningRate, maxNorm, gradScaler.value());
            gradScaler.update(Double.isFinite(norm));
            updates++;
            return new StepResult(all.loss() / weight, all.correct() / targets, targets, norm);
        } finally {
            if (!complete) {
                optimizer.zeroGradients();
            }
        }
    }
}
