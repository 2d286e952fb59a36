package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.RopeTensors;
import dev.lorikeet.model.spec.Settings;
import dev.lorikeet.model.spec.UniformWindow;

/** Mistral (Jiang et al. 2023): a Llama whose tokens look back through a window. GGUF files call it a Llama. */
final class Mistral {

    static final Family FAMILY = Family.named("mistral", "MistralForCausalLM")
            .gguf("llama", UniformWindow::isIn)
            .interleavesRotaryInGguf()
            .settings(LlamaDefaults.shapeAnd(
                    Settings.activation("hidden_act", Activation.SILU),
                    RopeSettings.of(10_000).inGguf(RopeTensors.ALL),
                    UniformWindow.of(4096),
                    Settings.tied(false)))
            .build();

    private Mistral() {}
}
