package dev.lorikeet.train;

import java.util.Locale;

/**
 * Accuracy and loss of a model on some examples: texts for a classifier, tokens for a language model.
 *
 * @param accuracy share of correct predictions, 0 to 1; NaN if there were no examples
 * @param loss mean cross-entropy; NaN if there were no examples
 * @param examples how many there were
 */
public record Score(double accuracy, double loss, int examples) {

    static Score of(LossResult result, int examples) {
        return examples == 0
                ? new Score(Double.NaN, Double.NaN, 0)
                : new Score((double) result.correct() / examples, result.loss() / examples, examples);
    }

    @Override
    public String toString() {
        if (examples == 0) {
            return "no examples";
        }
        return String.format(Locale.ROOT, "accuracy %.2f %%, loss %.3f (%,d examples)", 100 * accuracy, loss, examples);
    }
}
