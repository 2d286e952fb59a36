package dev.lorikeet.train.score;

import dev.lorikeet.base.Quantities;
import dev.lorikeet.train.step.LossResult;
import java.io.Serializable;

/**
 * Accuracy and loss of a model on some examples: texts for a classifier, tokens for a language model.
 *
 * @param accuracy share of correct predictions, 0 to 1; NaN if there were no examples, or nothing is right or wrong
 * @param loss mean cross-entropy, or squared error; NaN if there were no examples
 * @param examples how many there were
 */
public record Score(double accuracy, double loss, int examples) implements Serializable {

    /** The score on nothing. */
    public static final Score NONE = new Score(Double.NaN, Double.NaN, 0);

    public static Score of(LossResult result, int examples) {
        return examples == 0 ? NONE : new Score(result.correct() / examples, result.loss() / examples, examples);
    }

    @Override
    public String toString() {
        if (examples == 0) {
            return "no examples";
        }
        String right = Double.isNaN(accuracy) ? "" : "accuracy %s, ".formatted(Quantities.percent(accuracy));
        return "%sloss %s (%s examples)".formatted(right, Quantities.loss(loss), Quantities.count(examples));
    }
}
