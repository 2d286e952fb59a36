package dev.lorikeet.train.step;

/**
 * The loss of a {@link LossInput}.
 *
 * @param loss sum over the labels, each times its weight
 * @param correct labels to which the model gave the highest probability; NaN where nothing is right or wrong
 */
public record LossResult(double loss, double correct) {

    /** The loss of no labels. */
    public static final LossResult NONE = new LossResult(0, 0);

    public LossResult plus(LossResult other) {
        return new LossResult(loss + other.loss, correct + other.correct);
    }
}
