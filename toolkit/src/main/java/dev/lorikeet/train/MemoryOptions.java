package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;

/**
 * What a training step gives for less memory; the gradients are the same with each.
 *
 * @param recompute whether a layer's activations are forgotten in the forward pass and computed again in the backward pass (Chen
 *     et al. 2016)
 * @param lossRows rows of logits that are held at a time; 0: all
 */
public record MemoryOptions(boolean recompute, int lossRows) {

    /** Every activation is kept, and 256 rows of logits at a time: what costs hardly any time. */
    public static final MemoryOptions DEFAULT = new MemoryOptions(false, 256);

    public MemoryOptions {
        BadArgumentException.unless(lossRows >= 0, "lossRows", lossRows, "0 (all at once) or more");
    }
}
