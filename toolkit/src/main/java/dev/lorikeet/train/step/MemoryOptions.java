package dev.lorikeet.train.step;

import dev.lorikeet.base.BadArgumentException;
import java.io.Serializable;

/**
 * Options that save memory in a training step; none of them changes the gradients.
 *
 * @param recompute whether the backward pass recomputes the activations of each layer (gradient checkpointing, Chen et al. 2016)
 * @param lossRows rows of logits that exist at a time; 0: all
 */
public record MemoryOptions(boolean recompute, int lossRows) implements Serializable {

    /** Keeps all activations and computes 256 rows of logits at a time, which costs hardly any time. */
    public static final MemoryOptions DEFAULT = new MemoryOptions(false, 256);

    public MemoryOptions {
        BadArgumentException.unless(lossRows >= 0, "lossRows", lossRows, "0 (all at once) or more");
    }
}
