package dev.lorikeet.train;

import java.util.Locale;

/**
 * How well a model does on some examples: the texts that a classifier labels, or the tokens that a language model predicts.
 *
 * @param accuracy share of right answers, 0 to 1; NaN if there were no examples
 * @param loss mean cross-entropy; NaN if there were no examples
 * @param examples that were looked at
 */
public record Score(double accuracy, double loss, int examples) {

    static Score of(Answer answer, int examples) {
        return examples == 0
                ? new Score(Double.NaN, Double.NaN, 0)
                : new Score((double) answer.right() / examples, answer.loss() / examples, examples);
    }

    /** e to the loss: among how many equally likely answers the model is in doubt, so to speak. */
    public double perplexity() {
        return Math.exp(loss);
    }

    @Override
    public String toString() {
        if (examples == 0) {
            return "no examples";
        }
        return String.format(Locale.ROOT, "accuracy %.2f %%, loss %.3f (%,d examples)", 100 * accuracy, loss, examples);
    }
}
