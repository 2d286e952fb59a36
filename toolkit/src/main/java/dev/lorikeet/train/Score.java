package dev.lorikeet.train;

import java.util.Locale;

/**
 * How well a model does on some examples: texts that a classifier labels, or, where a run watches a language model, tokens.
 *
 * @param accuracy share of right answers, 0 to 1; NaN if there were no examples
 * @param loss mean cross-entropy; NaN if there were no examples
 * @param examples that were looked at
 */
public record Score(double accuracy, double loss, int examples) {

    static Score of(LossResult answer, int examples) {
        return examples == 0
                ? new Score(Double.NaN, Double.NaN, 0)
                : new Score((double) answer.right() / examples, answer.loss() / examples, examples);
    }

    @Override
    public String toString() {
        if (examples == 0) {
            return "no examples";
        }
        return String.format(Locale.ROOT, "accuracy %.2f %%, loss %.3f (%,d examples)", 100 * accuracy, loss, examples);
    }
}
