package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.NormKind;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.config.Scales;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LayerWindows;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.ScaleSettings;
import dev.lorikeet.model.spec.Settings;

/**
 * Gemma 2 (Gemma team 2024): norms before and after each branch, a window in every other layer, caps on attention scores and logits, a
 * tanh-GELU gate, scaled token vectors.
 */
final class Gemma2 {

    private static final int LAYERS_OF_27B = 46;

    static final Family FAMILY = Family.named("gemma2", "Gemma2ForCausalLM")
            .gguf("gemma2")
            .layers(config -> config.norm(NormKind.RMS_PLUS_ONE))
            .settings(LlamaDefaults.shapeAnd(
                    config -> 256,
                    Settings.activation("hidden_activation", Activation.GELU_TANH),
                    Settings.biases("attention_bias", null),
                    ScaleSettings.embeddingTimesRootOfHiddenSize(),
                    ScaleSettings.queryPreAttentionScalar(256, LAYERS_OF_27B),
                    ScaleSettings.softcap(
                            "attn_logit_softcapping",
                            "attn_logit_softcapping",
                            Scales::attentionSoftcap,
                            Scales::withAttentionSoftcap,
                            50),
                    ScaleSettings.softcap(
                            "final_logit_softcapping",
                            "final_logit_softcapping",
                            Scales::logitSoftcap,
                            Scales::withLogitSoftcap,
                            30),
                    Settings.only("use_bidirectional_attention", false),
                    RopeSettings.of(10_000),
                    LayerWindows.periodic(2),
                    Settings.tied(true)))
            .part(Part.ATTENTION_OUT_NORM, "post_attention_layernorm", "post_attention_norm")
            .part(Part.MLP_NORM, "pre_feedforward_layernorm", "ffn_norm")
            .part(Part.MLP_OUT_NORM, "post_feedforward_layernorm", "post_ffw_norm")
            .addsOneToNormsInGguf()
            .build();

    private Gemma2() {}
}
