package dev.lorikeet.model.family;

import dev.lorikeet.model.block.Activation;
import java.util.ArrayList;
import java.util.List;

/** Mistral (Jiang et al. 2023): a Llama whose tokens look back through a window. GGUF files call it a Llama. */
final class Mistral {

    private static final int WINDOW = 4096;

    static final Family FAMILY = Family.named("mistral", "MistralForCausalLM")
            .gguf("llama", file -> file.keys().integer(UniformWindow.GGUF, 0) > 0)
            .interleavesRotaryInGguf()
            .settings(settings())
            .preTokenizer("tekken")
            .build();

    private Mistral() {}

    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(Llama.shape(config -> config.hiddenSize() / config.heads()));
        settings.add(Settings.activation("hidden_act", Activation.SILU));
        settings.add(new RopeSettings(10_000));
        settings.add(UniformWindow.of(WINDOW));
        settings.add(Settings.tied(false));
        return settings;
    }
}
