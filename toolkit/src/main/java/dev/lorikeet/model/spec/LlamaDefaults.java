package dev.lorikeet.model.spec;

import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.config.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The settings and parts of a Llama, which other families begin with. */
public final class LlamaDefaults {

    private LlamaDefaults() {}

    /** All settings of a Llama. */
    public static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>(shape(ModelConfigBuilder::headDim, ModelConfigBuilder::heads));
        settings.add(Settings.activation("hidden_act", Activation.SILU));
        settings.add(Settings.biases("attention_bias", "mlp_bias"));
        settings.add(RopeSettings.of(10_000).inGguf(RopeTensors.ALL));
        settings.add(Settings.tied(false));
        return settings;
    }

    /** A new list with {@link #shape} and more settings after it. */
    public static List<Setting> shapeAnd(ToIntFunction<ModelConfigBuilder> headDim, Setting... more) {
        List<Setting> settings = new ArrayList<>(shape(headDim));
        settings.addAll(List.of(more));
        return settings;
    }

    /** The same for heads that share the hidden size unless config.json says otherwise. */
    public static List<Setting> shapeAnd(Setting... more) {
        return shapeAnd(ModelConfigBuilder::headDim, more);
    }

    /** Widths and counts under the names that nearly all families have for them, of which only a head's width has a default. */
    public static List<Setting> shape(ToIntFunction<ModelConfigBuilder> headDim) {
        return shape(headDim, null);
    }

    private static List<Setting> shape(
            ToIntFunction<ModelConfigBuilder> headDim, ToIntFunction<ModelConfigBuilder> keyValueHeads) {
        return List.of(
                Settings.onlyInGguf("expert_count", 0),
                Settings.vocabSize(),
                Settings.integer(
                        "max_position_embeddings",
                        "context_length",
                        ModelConfig::contextLength,
                        ModelConfigBuilder::contextLength),
                Settings.integer(
                        "hidden_size", "embedding_length", ModelConfig::hiddenSize, ModelConfigBuilder::hiddenSize),
                Settings.integer("num_hidden_layers", "block_count", ModelConfig::layers, ModelConfigBuilder::layers),
                Settings.integer(
                        "intermediate_size",
                        "feed_forward_length",
                        ModelConfig::intermediateSize,
                        ModelConfigBuilder::intermediateSize),
                Settings.integer(
                        "num_attention_heads", "attention.head_count", ModelConfig::heads, ModelConfigBuilder::heads),
                Settings.integer(
                        "num_key_value_heads",
                        "attention.head_count_kv",
                        ModelConfig::keyValueHeads,
                        ModelConfigBuilder::keyValueHeads,
                        keyValueHeads,
                        ModelConfigBuilder::heads),
                Settings.headDim(headDim),
                Settings.normEpsilon(1e-6));
    }

    static Map<Part, TensorName> parts() {
        Map<Part, TensorName> parts = new EnumMap<>(Part.class);
        parts.put(Part.TOKENS, new TensorName("model.embed_tokens", "token_embd"));
        parts.put(Part.ATTENTION_NORM, new TensorName("input_layernorm", "attn_norm"));
        parts.put(Part.QUERY, new TensorName("self_attn.q_proj", "attn_q"));
        parts.put(Part.KEY, new TensorName("self_attn.k_proj", "attn_k"));
        parts.put(Part.VALUE, new TensorName("self_attn.v_proj", "attn_v"));
        parts.put(Part.ATTENTION_OUT, new TensorName("self_attn.o_proj", "attn_output"));
        parts.put(Part.MLP_NORM, new TensorName("post_attention_layernorm", "ffn_norm"));
        parts.put(Part.GATE, new TensorName("mlp.gate_proj", "ffn_gate"));
        parts.put(Part.UP, new TensorName("mlp.up_proj", "ffn_up"));
        parts.put(Part.DOWN, new TensorName("mlp.down_proj", "ffn_down"));
        parts.put(Part.FINAL_NORM, new TensorName("model.norm", "output_norm"));
        parts.put(Part.HEAD, new TensorName("lm_head", "output"));
        return parts;
    }
}
