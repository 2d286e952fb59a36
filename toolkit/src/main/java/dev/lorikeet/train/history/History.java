package dev.lorikeet.train.history;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * The history of a training run, step by step.
 *
 * @param steps a record for each update, in order
 * @param evaluations losses and accuracies on a few batches of both splits, measured every so many steps
 * @param epochs losses and accuracies at the end of each epoch, and at the end of the run
 */
public record History(List<StepRecord> steps, List<EvaluationRecord> evaluations, List<EpochRecord> epochs)
        implements Renderable, Serializable {

    /** A longer table shows only its first and last rows. */
    private static final int MAX_ROWS = 20;

    public History {
        steps = List.copyOf(steps);
        evaluations = List.copyOf(evaluations);
        epochs = List.copyOf(epochs);
    }

    /**
     * A parameter update.
     *
     * @param step index of the update, from 0
     * @param epoch epochs done after this step, with fraction
     * @param examplesSeen examples trained on so far
     * @param tokensSeen tokens trained on so far, without padding
     * @param targets labels or tokens to predict in this update
     * @param loss mean over the targets
     * @param accuracy share of the targets to which the model gave the highest probability, 0 to 1
     * @param gradientNorm global norm before clipping; not finite if the update was skipped
     * @param learningRate learning rate of this step
     * @param stepSeconds duration of this update
     * @param seconds time since the run began, evaluations included
     */
    public record StepRecord(
            int step,
            double epoch,
            long examplesSeen,
            long tokensSeen,
            int targets,
            double loss,
            double accuracy,
            double gradientNorm,
            double learningRate,
            double stepSeconds,
            double seconds)
            implements Serializable {}

    /** Mean losses and accuracies (0 to 1) on the first batches of both splits, after the update {@code step} (from 0). */
    public record EvaluationRecord(
            int step,
            double epoch,
            long examplesSeen,
            double trainLoss,
            double validationLoss,
            double trainAccuracy,
            double validationAccuracy)
            implements Serializable {

        /** The perplexity of a language model: e to the validation loss. */
        public double perplexity() {
            return Math.exp(validationLoss);
        }
    }

    /**
     * Mean losses and accuracies (0 to 1) on the first batches of both splits at the end of an epoch.
     *
     * @param epoch epochs done; not a whole number if the run ended within an epoch
     */
    public record EpochRecord(
            double epoch,
            int step,
            long examplesSeen,
            double trainLoss,
            double validationLoss,
            double trainAccuracy,
            double validationAccuracy)
            implements Serializable {}

    @Override
    public String toString() {
        if (steps.isEmpty()) {
            return "History of 0 steps";
        }
        StepRecord last = steps.get(steps.size() - 1);
        return String.format(
                Locale.ROOT,
                "History of %,d steps, %,d evaluations: %,d examples, %,d tokens, last loss %s",
                steps.size(),
                evaluations.size(),
                last.examplesSeen(),
                last.tokensSeen(),
                Quantities.loss(last.loss()));
    }

    @Override
    public String html() {
        HtmlTable table = evaluations.isEmpty()
                ? HtmlTable.of("Step", "Epoch", "Examples", "Loss", "Gradient norm", "Learning rate")
                : HtmlTable.of("Step", "Epoch", "Examples", "Training loss", "Validation loss");
        int count = evaluations.isEmpty() ? steps.size() : evaluations.size();
        for (int i = 0; i < count; i++) {
            if (count <= MAX_ROWS || i < MAX_ROWS / 2 || i >= count - MAX_ROWS / 2) {
                table.row(evaluations.isEmpty() ? cells(steps.get(i)) : cells(evaluations.get(i)));
            } else if (i == MAX_ROWS / 2) {
                table.row("⋮");
            }
        }
        return table.title(toString()).html();
    }

    private static List<Object> cells(StepRecord step) {
        return List.of(
                step.step(), step.epoch(), step.examplesSeen(), step.loss(), step.gradientNorm(), step.learningRate());
    }

    private static List<Object> cells(EvaluationRecord evaluation) {
        return List.of(
                evaluation.step(),
                evaluation.epoch(),
                evaluation.examplesSeen(),
                evaluation.trainLoss(),
                evaluation.validationLoss());
    }
}
