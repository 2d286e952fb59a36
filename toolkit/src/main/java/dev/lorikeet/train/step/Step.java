package dev.lorikeet.train.step;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Does one parameter update: forward, loss and backward pass for each micro-batch, then clipping and AdamW. The temporary
 * arrays of a micro-batch belong to one scope, which is closed after it.
 */
public final class Step<B> {

    /**
     * The result of one update.
     *
     * @param loss mean over the targets
     * @param accuracy share of the targets to which the model gave the highest probability
     * @param gradientNorm before clipping; not finite if the update was skipped
     */
    public record StepResult(double loss, double accuracy, int targets, double gradientNorm) {

        /** Whether the parameters were changed. */
        public boolean applied() {
            return Double.isFinite(gradientNorm);
        }
    }

    private final Objective<B> objective;
    private final BackwardPass backwardPass;
    private final Optimizer optimizer;
    private final GradScaler gradScaler;
    private final double maxNorm;
    private int updates;

    public Step(
            Objective<B> objective,
            BackwardPass backwardPass,
            Optimizer optimizer,
            GradScaler gradScaler,
            double maxNorm) {
        this.objective = objective;
        this.backwardPass = backwardPass;
        this.optimizer = optimizer;
        this.gradScaler = gradScaler;
        this.maxNorm = maxNorm;
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
            List<B> microBatches, double learningRate, BiConsumer<B, BackwardPass.MicroBatchArrays> observer) {
        int targets = microBatches.stream().mapToInt(objective::targets).sum();
        BadArgumentException.unless(targets > 0, "targets of the batch", targets, "at least one label to learn");
        double weight = microBatches.stream().mapToDouble(objective::weight).sum();
        boolean complete = false;
        backwardPass.begin(updates);
        try {
            double loss = 0;
            long correct = 0;
            for (B batch : microBatches) {
                StoppedException.check("Training was stopped");
                if (objective.targets(batch) > 0) {
                    LossResult result = backwardPass.accumulate(
                            objective.lossInput(batch),
                            gradScaler.value() / weight,
                            arrays -> observer.accept(batch, arrays));
                    loss += result.loss();
                    correct += result.correct();
                }
            }
            complete = true;
            double norm = optimizer.step(learningRate, maxNorm, gradScaler.value());
            gradScaler.update(Double.isFinite(norm));
            updates++;
            return new StepResult(loss / weight, (double) correct / targets, targets, norm);
        } finally {
            if (!complete) {
                optimizer.zeroGradients();
            }
        }
    }
}
