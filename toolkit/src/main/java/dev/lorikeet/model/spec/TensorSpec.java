package dev.lorikeet.model.spec;

import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.config.Part;

/**
 * One of a model's arrays, as files name and store it.
 *
 * @param part that it belongs to
 * @param huggingFace its name in safetensors files, such as "model.layers.0.self_attn.q_proj.weight"
 * @param gguf its name in GGUF files, such as "blk.0.attn_q.weight"
 * @param shape in the model, projections (out, in)
 * @param isTransposed whether safetensors files have it as (in, out)
 * @param interleavedHeads heads whose rows GGUF files interleave for rotary positions; 0 if they do not
 * @param ggufShift what GGUF files add to it
 */
public record TensorSpec(
        Part part,
        String huggingFace,
        String gguf,
        Shape shape,
        boolean isTransposed,
        int interleavedHeads,
        float ggufShift) {

    /** Whether it is the weight of a projection or a table, and not a bias or a norm. */
    public boolean isMatrix() {
        return shape.dimension() == 2;
    }
}
