package dev.lorikeet.model.block;

import java.util.List;

/** A linear layer by its name and its sizes, with weights or without: what rules about names, such as an adapter's targets, need. */
public interface Linear {

    /** The name in Hugging Face checkpoints without ".weight", such as "model.layers.0.self_attn.q_proj". */
    String path();

    /** Inputs: the columns of the weight. */
    long in();

    /** Outputs: the rows of the weight. */
    long out();

    /** Output rows with names of their own; empty unless it is a fused projection. */
    List<Projection.Slice> slices();

    /** The last part of the path, by which adapters usually name it, such as "q_proj". */
    default String name() {
        return path().substring(path().lastIndexOf('.') + 1);
    }
}
