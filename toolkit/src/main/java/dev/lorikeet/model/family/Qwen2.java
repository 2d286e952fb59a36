package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Biases;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LayerWindows;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.Settings;

/** Qwen2 (Yang et al. 2024): a Llama with biases on query, key and value. */
final class Qwen2 {

    static final Family FAMILY = Family.named("qwen2", "Qwen2ForCausalLM")
            .gguf("qwen2")
            .layers(config -> config.biases(new Biases(true, false, false)))
            .settings(LlamaDefaults.shapeAnd(
                    Settings.activation("hidden_act", Activation.SILU),
                    RopeSettings.of(10_000),
                    LayerWindows.ofUpperLayers(),
                    Settings.tied(false)))
            .build();

    private Qwen2() {}
}
