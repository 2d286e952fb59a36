package dev.lorikeet.train;

import java.util.Locale;

/**
 * How well a classifier does on some examples.
 *
 * @param accuracy share of right answers, 0 to 1
 * @param loss mean cross-entropy
 * @param examples that were looked at
 */
public record Score(double accuracy, double loss, int examples) {

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "accuracy %.2f %%, loss %.3f (%,d examples)", 100 * accuracy, loss, examples);
    }
}
