package dev.lorikeet.model.family;

import dev.lorikeet.model.spec.Family;

/** Llama (Touvron et al. 2023): rotary positions, root-mean-square norms, grouped queries, gated MLPs. */
final class Llama {

    static final Family FAMILY = Family.named("llama", "LlamaForCausalLM")
            .gguf("llama")
            .interleavesRotaryInGguf()
            .build();

    private Llama() {}
}
