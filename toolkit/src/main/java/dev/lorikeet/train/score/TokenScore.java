package dev.lorikeet.train.score;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.train.step.LossResult;
import java.util.Locale;

/**
 * Accuracy, loss and perplexity of a language model on the next tokens of some texts.
 *
 * @param accuracy share of tokens to which the model gave the highest probability, 0 to 1; NaN if there are none
 * @param loss mean cross-entropy; NaN if there are none
 * @param tokens number of predicted tokens
 */
public record TokenScore(double accuracy, double loss, long tokens) implements Renderable {

    public static TokenScore of(LossResult result, long tokens) {
        return tokens == 0
                ? new TokenScore(Double.NaN, Double.NaN, 0)
                : new TokenScore(result.correct() / tokens, result.loss() / tokens, tokens);
    }

    /** The perplexity: e to the loss. */
    public double perplexity() {
        return Math.exp(loss);
    }

    @Override
    public String toString() {
        if (tokens == 0) {
            return "no tokens";
        }
        return String.format(
                Locale.ROOT,
                "loss %s, perplexity %.1f, accuracy %s (%,d tokens)",
                Quantities.loss(loss),
                perplexity(),
                Quantities.percent(accuracy),
                tokens);
    }

    @Override
    public String html() {
        return HtmlTable.of("Loss", "Perplexity", "Accuracy", "Tokens")
                .row(
                        Quantities.loss(loss),
                        String.format(Locale.ROOT, "%.1f", perplexity()),
                        Quantities.percent(accuracy),
                        tokens)
                .html();
    }
}
