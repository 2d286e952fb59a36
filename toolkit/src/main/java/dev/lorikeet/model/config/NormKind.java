package dev.lorikeet.model.config;

/** How a layer normalises. */
public enum NormKind {
    /** Layer normalisation, with or without a bias (Ba et al. 2016). */
    LAYER(0),
    /** Root-mean-square normalisation (Zhang and Sennrich 2019). */
    RMS(1),
    /** Root-mean-square normalisation that multiplies by 1 + weight, as Gemma has it. */
    RMS_PLUS_ONE(2);

    private final int id;

    NormKind(int id) {
        this.id = id;
    }

    /** The number by which layer.py knows it. */
    public int id() {
        return id;
    }
}
