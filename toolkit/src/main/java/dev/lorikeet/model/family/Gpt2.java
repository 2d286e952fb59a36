package dev.lorikeet.model.family;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.Biases;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.NormKind;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Setting;
import dev.lorikeet.model.spec.Settings;
import java.util.List;

/** GPT-2 (Radford et al. 2019): learned positions, layer normalisation, fused attention projections, a plain MLP. */
final class Gpt2 {

    static final Family FAMILY = Family.named("gpt2", "GPT2LMHeadModel")
            .gguf("gpt2")
            .layers(config ->
                    config.norm(NormKind.LAYER).activation(Activation.GELU_TANH).biases(Biases.ALL))
            .settings(settings())
            .layerPath("transformer.h")
            .optionalPrefix("transformer.")
            .without(Part.QUERY, Part.KEY, Part.VALUE, Part.GATE)
            .part(Part.TOKENS, "transformer.wte", "token_embd")
            .part(Part.POSITIONS, "transformer.wpe", "position_embd")
            .part(Part.ATTENTION_NORM, "ln_1", "attn_norm")
            .part(Part.QUERY_KEY_VALUE, "attn.c_attn", "attn_qkv")
            .part(Part.ATTENTION_OUT, "attn.c_proj", "attn_output")
            .part(Part.MLP_NORM, "ln_2", "ffn_norm")
            .part(Part.UP, "mlp.c_fc", "ffn_up")
            .part(Part.DOWN, "mlp.c_proj", "ffn_down")
            .part(Part.FINAL_NORM, "transformer.ln_f", "output_norm")
            .tagger("classifier")
            .transposed(Part.QUERY_KEY_VALUE, Part.ATTENTION_OUT, Part.UP, Part.DOWN)
            .defaultTargets("c_attn")
            .build();

    private Gpt2() {}

    private static List<Setting> settings() {
        return List.of(
                Settings.vocabSize(),
                Settings.integer(
                        "n_positions", "context_length", ModelConfig::contextLength, ModelConfigBuilder::contextLength),
                Settings.integer("n_embd", "embedding_length", ModelConfig::hiddenSize, ModelConfigBuilder::hiddenSize),
                Settings.integer("n_layer", "block_count", ModelConfig::layers, ModelConfigBuilder::layers),
                Settings.integer(
                        "n_inner",
                        "feed_forward_length",
                        ModelConfig::intermediateSize,
                        ModelConfigBuilder::intermediateSize,
                        config -> 4 * config.hiddenSize()),
                Settings.integer("n_head", "attention.head_count", ModelConfig::heads, ModelConfigBuilder::heads),
                Settings.number(
                        "layer_norm_epsilon",
                        "attention.layer_norm_epsilon",
                        ModelConfig::normEpsilon,
                        ModelConfigBuilder::normEpsilon,
                        1e-5),
                Settings.activation("activation_function", Activation.GELU_TANH),
                Settings.only("scale_attn_weights", true),
                Settings.only("scale_attn_by_inverse_layer_idx", false),
                Settings.tied(true));
    }
}
