package dev.lorikeet.train;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Renderable;
import java.util.Locale;

/**
 * How well a language model predicts the next token of some texts.
 *
 * @param accuracy share of tokens that were the likeliest, 0 to 1; NaN if there were none
 * @param loss mean cross-entropy; NaN if there were none
 * @param tokens that were to be predicted
 */
public record TokenScore(double accuracy, double loss, long tokens) implements Renderable {

    static TokenScore of(LossResult answer, long tokens) {
        return tokens == 0
                ? new TokenScore(Double.NaN, Double.NaN, 0)
                : new TokenScore((double) answer.right() / tokens, answer.loss() / tokens, tokens);
    }

    /** e to the loss: among how many equally likely tokens the model is in doubt, so to speak. */
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
                "loss %.3f, perplexity %.1f, accuracy %.2f %% (%,d tokens)",
                loss,
                perplexity(),
                100 * accuracy,
                tokens);
    }

    @Override
    public String html() {
        return HtmlTable.of("Loss", "Perplexity", "Accuracy", "Tokens")
                .row(
                        String.format(Locale.ROOT, "%.3f", loss),
                        String.format(Locale.ROOT, "%.1f", perplexity()),
                        String.format(Locale.ROOT, "%.2f %%", 100 * accuracy),
                        tokens)
                .html();
    }
}
