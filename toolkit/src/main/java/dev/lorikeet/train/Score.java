package dev.lorikeet.train;

import java.util.Locale;

/**
 * How well a classifier does on some examples.
 *
 * @param accuracy share of right answers, 0 to 1; NaN if there were no examples
 * @param loss mean cross-entropy; NaN if there were no examples
 * @param examples that were looked at
 */
public record Score(double accuracy, double loss, int examples) {

    @Override
    public String toString() {
        if (examples == 0) {
            return "no examples";
        }
        return String.format(Locale.ROOT, "accuracy %.2f %%, loss %.3f (%,d examples)", 100 * accuracy, loss, examples);
    }
}
