package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.NormKind;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.config.Scales;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.FamilyBuilder;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.ScaleSettings;
import dev.lorikeet.model.spec.Setting;
import dev.lorikeet.model.spec.Settings;
import java.util.List;

/**
 * What Gemma 2 and 3 share: norms of 1 + weight before and after each branch, a tanh-GELU gate, heads of a width of their own, token
 * vectors times the square root of the hidden size, a tied head.
 */
final class Gemma {

    private Gemma() {}

    /**
     * Begins a family.
     *
     * @param layersOf27B layers of the largest model, whose attention scores llama.cpp scales otherwise
     * @param more settings of this family alone
     */
    static FamilyBuilder named(String name, String architecture, int layersOf27B, Setting... more) {
        List<Setting> settings = LlamaDefaults.shapeAnd(
                config -> 256,
                Settings.activation("hidden_activation", Activation.GELU_TANH),
                Settings.biases("attention_bias", null),
                ScaleSettings.embeddingTimesRootOfHiddenSize(),
                ScaleSettings.queryPreAttentionScalar(256, layersOf27B),
                Settings.only("use_bidirectional_attention", false),
                Settings.tied(true));
        settings.addAll(List.of(more));
        return Family.named(name, architecture)
                .layers(config -> config.norm(NormKind.RMS_PLUS_ONE))
                .settings(settings)
                .part(Part.ATTENTION_OUT_NORM, "post_attention_layernorm", "post_attention_norm")
                .part(Part.MLP_NORM, "pre_feedforward_layernorm", "ffn_norm")
                .part(Part.MLP_OUT_NORM, "post_feedforward_layernorm", "post_ffw_norm")
                .addsOneToNormsInGguf();
    }

    /** The cap on logits. */
    static Setting logitSoftcap(double absent) {
        String key = "final_logit_softcapping";
        return ScaleSettings.softcap(key, key, Scales::logitSoftcap, Scales::withLogitSoftcap, absent);
    }
}
