package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.LanguageModel;

/**
 * What a training step gives for less memory; the gradients are the same with each.
 *
 * @param recomputation when a layer's activations are forgotten in the forward pass and computed again in the backward pass
 *     (Chen et al. 2016)
 * @param lossRows rows of logits that are held at a time; 0: all
 */
public record MemoryKnobs(Recomputation recomputation, int lossRows) {

    /** When layers are computed again. */
    public enum Recomputation {
        /** Where the base is quantised: else the backward pass would keep each weight in its widened form. */
        OF_QUANTIZED,
        ALWAYS,
        NEVER;

        static Recomputation of(boolean wanted) {
            return wanted ? ALWAYS : NEVER;
        }
    }

    /** Every activation is kept, unless the base is quantised, and 256 rows of logits at a time: what costs hardly any time. */
    public static final MemoryKnobs DEFAULT = new MemoryKnobs(Recomputation.OF_QUANTIZED, 256);

    public MemoryKnobs {
        BadArgumentException.unless(lossRows >= 0, "lossRows", lossRows, "0 (all at once) or more");
    }

    public MemoryKnobs(boolean recompute, int lossRows) {
        this(Recomputation.of(recompute), lossRows);
    }

    /** Those for this model, which say always or never. */
    MemoryKnobs on(LanguageModel model) {
        return recomputation == Recomputation.OF_QUANTIZED ? new MemoryKnobs(model.isQuantized(), lossRows) : this;
    }

    boolean recompute() {
        return recomputation == Recomputation.ALWAYS;
    }
}
