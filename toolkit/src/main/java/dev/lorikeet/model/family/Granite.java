package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Scales;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.RopeTensors;
import dev.lorikeet.model.spec.ScaleSettings;
import dev.lorikeet.model.spec.Settings;

/** Granite 3 (IBM 2024): a Llama with fixed factors on token vectors, attention scores, the residual stream and logits. */
final class Granite {

    static final Family FAMILY = Family.named("granite", "GraniteForCausalLM")
            .gguf("granite")
            .interleavesRotaryInGguf()
            .settings(LlamaDefaults.shapeAnd(
                    Settings.activation("hidden_act", Activation.SILU),
                    Settings.biases("attention_bias", "mlp_bias"),
                    ScaleSettings.scale(
                            "embedding_multiplier", "embedding_scale", Scales::embedding, Scales::withEmbedding, 1),
                    ScaleSettings.scale(
                            "attention_multiplier", "attention.scale", Scales::attention, Scales::withAttention, 1),
                    ScaleSettings.scale(
                            "residual_multiplier", "residual_scale", Scales::residual, Scales::withResidual, 1),
                    ScaleSettings.scale(
                            "logits_scaling", "logit_scale", Scales::logitDivisor, Scales::withLogitDivisor, 1),
                    RopeSettings.of(10_000).inGguf(RopeTensors.ALL),
                    Settings.tied(false)))
            .build();

    private Granite() {}
}
