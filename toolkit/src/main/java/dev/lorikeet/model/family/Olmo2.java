package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.Settings;

/** OLMo 2 (Ai2 2024): norms after attention and MLP alone, and norms of all queries and all keys. */
final class Olmo2 {

    static final Family FAMILY = Family.named("olmo2", "Olmo2ForCausalLM")
            .gguf("olmo2")
            .settings(LlamaDefaults.shapeAnd(
                    Settings.normEpsilon(1e-5),
                    Settings.activation("hidden_act", Activation.SILU),
                    Settings.biasesNotInGguf("attention_bias", null),
                    RopeSettings.of(10_000),
                    Settings.tied(false)))
            .without(Part.ATTENTION_NORM, Part.MLP_NORM)
            .part(Part.WHOLE_QUERY_NORM, "self_attn.q_norm", "attn_q_norm")
            .part(Part.WHOLE_KEY_NORM, "self_attn.k_norm", "attn_k_norm")
            .part(Part.ATTENTION_OUT_NORM, "post_attention_layernorm", "post_attention_norm")
            .part(Part.MLP_OUT_NORM, "post_feedforward_layernorm", "post_ffw_norm")
            .repeatsTiedHeadInGguf()
            .build();

    private Olmo2() {}
}
