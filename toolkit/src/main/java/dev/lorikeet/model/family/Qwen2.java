package dev.lorikeet.model.family;

import dev.lorikeet.model.block.Activation;
import dev.lorikeet.model.block.Biases;
import java.util.ArrayList;
import java.util.List;

/** Qwen2 (Yang et al. 2024): a Llama with biases on query, key and value. */
final class Qwen2 {

    static final Family FAMILY = Family.named("qwen2", "Qwen2ForCausalLM")
            .gguf("qwen2")
            .layers(config -> config.biases(new Biases(true, false, false)))
            .settings(settings())
            .preTokenizer("qwen2")
            .build();

    private Qwen2() {}

    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(Llama.shape(config -> config.hiddenSize() / config.heads()));
        settings.add(Settings.activation("hidden_act", Activation.SILU));
        settings.add(new RopeSettings(10_000));
        settings.add(LayerWindows.ofUpperLayers());
        settings.add(Settings.tied(false));
        return settings;
    }
}
