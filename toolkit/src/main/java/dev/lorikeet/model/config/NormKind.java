package dev.lorikeet.model.config;

/** How a layer normalises. */
public enum NormKind {
    /** Layer normalisation (Ba et al. 2016). */
    LAYER(0),
    /** Root-mean-square normalisation (Zhang and Sennrich 2019). */
    RMS(1),
    /** Root-mean-square normalisation that multiplies by 1 + weight, as Gemma has it. */
    RMS_PLUS_ONE(2),
    /** Layer normalisation that scales and does not shift, as ModernBERT has it. */
    LAYER_UNBIASED(0);

    private final int id;

    NormKind(int id) {
        this.id = id;
    }

    /** The number by which layer.py knows it. */
    public int id() {
        return id;
    }

    /** The name that summaries have for it. */
    public String label() {
        return this == LAYER || this == LAYER_UNBIASED ? "LayerNorm" : "RMSNorm";
    }
}
