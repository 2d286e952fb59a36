package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Scales;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LayerWindows;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.ScaleSettings;
import dev.lorikeet.model.spec.Settings;

/** Gemma 2 (Gemma team 2024): a window in every other layer, caps on attention scores and logits. */
final class Gemma2 {

    private static final int LAYERS_OF_27B = 46;

    private static final String ATTENTION_CAP = "attn_logit_softcapping";

    static final Family FAMILY = Gemma.named(
                    "gemma2",
                    "Gemma2ForCausalLM",
                    LAYERS_OF_27B,
                    ScaleSettings.softcap(
                            ATTENTION_CAP, ATTENTION_CAP, Scales::attentionSoftcap, Scales::withAttentionSoftcap, 50),
                    Gemma.logitSoftcap(30),
                    Settings.tiedInGguf(),
                    RopeSettings.of(10_000),
                    LayerWindows.periodic(2))
            .gguf("gemma2")
            .build();

    private Gemma2() {}
}
