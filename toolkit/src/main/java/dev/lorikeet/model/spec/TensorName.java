package dev.lorikeet.model.spec;

/**
 * How files name a part, without the layer before and ".weight" after it.
 *
 * @param huggingFace such as "self_attn.q_proj"
 * @param gguf such as "attn_q"
 */
record TensorName(String huggingFace, String gguf) {}
