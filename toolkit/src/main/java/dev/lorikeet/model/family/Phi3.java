package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.LlamaDefaults;
import dev.lorikeet.model.spec.RopeSettings;
import dev.lorikeet.model.spec.RopeTensors;
import dev.lorikeet.model.spec.Settings;
import dev.lorikeet.model.spec.UniformWindow;

/** Phi-3 and Phi-4-mini (Microsoft 2024, 2025): a Llama with fused projections, of whose heads a part may rotate. */
final class Phi3 {

    static final Family FAMILY = Family.named("phi3", "Phi3ForCausalLM")
            .gguf("phi3")
            .settings(LlamaDefaults.shapeAnd(
                    Settings.normEpsilon(1e-5),
                    Settings.activation("hidden_act", Activation.SILU),
                    RopeSettings.partial(10_000, 4096).inGguf(RopeTensors.LONGROPE),
                    UniformWindow.optional(),
                    Settings.tied(false)))
            .without(Part.QUERY, Part.KEY, Part.VALUE, Part.GATE, Part.UP)
            .part(Part.QUERY_KEY_VALUE, "self_attn.qkv_proj", "attn_qkv")
            .part(Part.GATE_UP, "mlp.gate_up_proj", "ffn_up")
            .defaultTargets("qkv_proj")
            .build();

    private Phi3() {}
}
