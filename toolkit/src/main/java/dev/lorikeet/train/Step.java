package dev.lorikeet.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.Ops;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One parameter update: forward, loss, backward for each micro-batch, then clip and AdamW. Everything made on the way
 * belongs to one scope a micro-batch and goes with it.
 */
final class Step<B> {

    /** What one update measured. */
    record Result(double loss, double gradientNorm) {}

    private final Objective<B> objective;
    private final Optimizer optimizer;
    private final double maxNorm;

    Step(Objective<B> objective, Optimizer optimizer, double maxNorm) {
        this.objective = objective;
        this.optimizer = optimizer;
        this.maxNorm = maxNorm;
    }

    /**
     * @param microBatches whose gradients are added up; the loss is the mean over the targets of all of them, and one
     *     without a target is left out
     * @param observer sees each micro-batch's arrays before they are freed
     */
    Result run(List<B> microBatches, double learningRate, BiConsumer<B, Objective.Scored> observer) {
        int targets = microBatches.stream().mapToInt(objective::targets).sum();
        BadArgumentException.unless(targets > 0, "targets of the batch", targets, "at least one label to learn");
        boolean complete = false;
        try {
            double loss = 0;
            for (B batch : microBatches) {
                loss += objective.targets(batch) == 0 ? 0 : backward(batch, targets, observer);
            }
            complete = true;
            return new Result(loss, optimizer.step(learningRate, maxNorm));
        } finally {
            if (!complete) {
                optimizer.discard();
            }
        }
    }

    /** Adds to the gradients and gives this micro-batch's share of the loss. */
    private double backward(B batch, int targets, BiConsumer<B, Objective.Scored> observer) {
        try (NDManager scope = objective.model().manager().newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            Objective.Scored scored = objective.score(scope, batch, true);
            NDArray share = Ops.crossEntropy(scored.logits(), scored.labels(), targets, true);
            collector.backward(share);
            observer.accept(batch, scored);
            return share.getFloat();
        }
    }
}
