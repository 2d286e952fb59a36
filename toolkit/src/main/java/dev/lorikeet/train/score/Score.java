package dev.lorikeet.train.score;

import dev.lorikeet.base.Quantities;
import dev.lorikeet.train.step.LossResult;

/**
 * Accuracy and loss of a model on some examples: texts for a classifier, tokens for a language model.
 *
 * @param accuracy share of correct predictions, 0 to 1; NaN if there were no examples
 * @param loss mean cross-entropy; NaN if there were no examples
 * @param examples how many there were
 */
public record Score(double accuracy, double loss, int examples) {

    public static Score of(LossResult result, int examples) {
        return examples == 0
                ? new Score(Double.NaN, Double.NaN, 0)
                : new Score(result.correct() / examples, result.loss() / examples, examples);
    }

    @Override
    public String toString() {
        if (examples == 0) {
            return "no examples";
        }
        return "accuracy %s, loss %s (%s examples)"
                .formatted(Quantities.percent(accuracy), Quantities.loss(loss), Quantities.count(examples));
    }
}
