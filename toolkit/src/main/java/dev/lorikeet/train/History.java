package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.List;
import java.util.Locale;

/**
 * What happened in a training run, step by step.
 *
 * @param steps one entry a parameter update, in order
 * @param evaluations losses and accuracies over a few batches of both sets, measured every so many steps
 * @param epochs accuracies at the end of each epoch, and where a run ended within one
 */
public record History(List<Step> steps, List<Evaluation> evaluations, List<EpochEnd> epochs) implements Renderable {

    /** More lines than this are left out between the first and the last ones. */
    private static final int MOST_LINES = 20;

    public History {
        steps = List.copyOf(steps);
        evaluations = List.copyOf(evaluations);
        epochs = List.copyOf(epochs);
    }

    /**
     * One parameter update.
     *
     * @param step 0-based
     * @param epoch epochs done after this step, as a fraction
     * @param examplesSeen examples trained on so far
     * @param tokensSeen real tokens (without padding) trained on so far
     * @param targets labels or tokens that were to be predicted in this update
     * @param loss mean over the targets
     * @param accuracy share of the targets that were the likeliest, 0 to 1
     * @param gradientNorm global norm before clipping; not finite if the update was left out
     * @param learningRate of this step
     * @param stepSeconds that this update took
     * @param seconds since the run began, evaluations included
     */
    public record Step(
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
            double seconds) {}

    /** Mean losses, and accuracies (0 to 1), over the same few batches of each set after {@code step} (0-based) updates. */
    public record Evaluation(
            int step,
            double epoch,
            long examplesSeen,
            double trainLoss,
            double validationLoss,
            double trainAccuracy,
            double validationAccuracy) {

        /** e to the validation loss: for a language model, among how many equally likely tokens it is in doubt, so to speak. */
        public double perplexity() {
            return Math.exp(validationLoss);
        }
    }

    /**
     * Accuracies (0 to 1) at the end of an epoch.
     *
     * @param epoch epochs done; a whole number, unless its limit of steps or early stopping ended the run within one
     */
    public record EpochEnd(
            double epoch, int step, long examplesSeen, double trainAccuracy, double validationAccuracy) {}

    @Override
    public String toString() {
        if (steps.isEmpty()) {
            return "History of 0 steps";
        }
        Step last = steps.get(steps.size() - 1);
        return String.format(
                Locale.ROOT,
                "History of %,d steps, %,d evaluations: %,d examples, %,d tokens, last loss %.4f",
                steps.size(),
                evaluations.size(),
                last.examplesSeen(),
                last.tokensSeen(),
                last.loss());
    }

    @Override
    public String html() {
        HtmlTable table = evaluations.isEmpty()
                ? HtmlTable.of("Step", "Epoch", "Examples", "Loss", "Gradient norm", "Learning rate")
                : HtmlTable.of("Step", "Epoch", "Examples", "Training loss", "Validation loss");
        int count = evaluations.isEmpty() ? steps.size() : evaluations.size();
        for (int i = 0; i < count; i++) {
            if (count <= MOST_LINES || i < MOST_LINES / 2 || i >= count - MOST_LINES / 2) {
                table.row(evaluations.isEmpty() ? cells(steps.get(i)) : cells(evaluations.get(i)));
            } else if (i == MOST_LINES / 2) {
                table.row("⋮");
            }
        }
        return table.title(toString()).html();
    }

    private static List<Object> cells(Step step) {
        return List.of(
                step.step(), step.epoch(), step.examplesSeen(), step.loss(), step.gradientNorm(), step.learningRate());
    }

    private static List<Object> cells(Evaluation look) {
        return List.of(look.step(), look.epoch(), look.examplesSeen(), look.trainLoss(), look.validationLoss());
    }
}
