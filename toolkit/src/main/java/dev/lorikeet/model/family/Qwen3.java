package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LayerWindows;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.Settings;

/** Qwen3, dense (Qwen team 2025): a Llama that normalises the queries and keys of each head. */
final class Qwen3 {

    static final Family FAMILY = Family.named("qwen3", "Qwen3ForCausalLM")
            .gguf("qwen3")
            .settings(LlamaDefaults.shapeAnd(
                    config -> 128,
                    Settings.activation("hidden_act", Activation.SILU),
                    Settings.biasesNotInGguf("attention_bias", null),
                    RopeSettings.of(10_000),
                    LayerWindows.ofUpperLayers(),
                    Settings.tied(false)))
            .part(Part.QUERY_NORM, "self_attn.q_norm", "attn_q_norm")
            .part(Part.KEY_NORM, "self_attn.k_norm", "attn_k_norm")
            .build();

    private Qwen3() {}
}
