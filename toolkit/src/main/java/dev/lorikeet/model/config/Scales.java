package dev.lorikeet.model.config;

/**
 * Fixed factors and caps on the way through a transformer.
 *
 * @param embedding factor on token vectors
 * @param attention factor on attention scores before the softmax
 * @param attentionSoftcap scores become cap · tanh(score / cap); 0: no cap
 * @param residual factor on what attention and MLP add to the residual stream
 * @param logitDivisor by which logits are divided
 * @param logitSoftcap logits become cap · tanh(logit / cap); 0: no cap
 */
public record Scales(
        double embedding,
        double attention,
        double attentionSoftcap,
        double residual,
        double logitDivisor,
        double logitSoftcap) {

    /** Scales attention scores by 1/√d and nothing else. */
    public static Scales ofHeads(int headDim) {
        return new Scales(1, 1 / Math.sqrt(headDim), 0, 1, 1, 0);
    }

    public Scales withEmbedding(double value) {
        return new Scales(value, attention, attentionSoftcap, residual, logitDivisor, logitSoftcap);
    }

    public Scales withAttention(double value) {
        return new Scales(embedding, value, attentionSoftcap, residual, logitDivisor, logitSoftcap);
    }

    public Scales withAttentionSoftcap(double value) {
        return new Scales(embedding, attention, value, residual, logitDivisor, logitSoftcap);
    }

    public Scales withResidual(double value) {
        return new Scales(embedding, attention, attentionSoftcap, value, logitDivisor, logitSoftcap);
    }

    public Scales withLogitDivisor(double value) {
        return new Scales(embedding, attention, attentionSoftcap, residual, value, logitSoftcap);
    }

    public Scales withLogitSoftcap(double value) {
        return new Scales(embedding, attention, attentionSoftcap, residual, logitDivisor, value);
    }
}
