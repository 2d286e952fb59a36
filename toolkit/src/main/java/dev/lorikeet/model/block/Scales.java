package dev.lorikeet.model.block;

/**
 * Fixed factors and caps on the way through a transformer.
 *
 * @param embedding factor on token vectors
 * @param attention factor on attention scores before the softmax
 * @param attentionSoftcap scores become cap · tanh(score / cap); 0: no cap
 * @param residual factor on what attention and MLP add to the residual stream
 * @param logits factor on the logits
 * @param logitSoftcap logits become cap · tanh(logit / cap); 0: no cap
 */
public record Scales(
        double embedding,
        double attention,
        double attentionSoftcap,
        double residual,
        double logits,
        double logitSoftcap) {

    /** Scales attention scores by 1/√d and nothing else. */
    public static Scales ofHeads(int headWidth) {
        return new Scales(1, 1 / Math.sqrt(headWidth), 0, 1, 1, 0);
    }
}
