package dev.lorikeet.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Config.Architecture;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a {@link Config} from a Hugging Face {@code config.json}, with the defaults of transformers. */
final class Configs {

    private static final List<String> TYPES = List.of("gpt2", "llama", "mistral", "qwen2");

    private static final int MISTRAL_WINDOW = 4096;

    private Configs() {}

    static Config fromJson(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return read(new Fields(Json.parse(reader).getAsJsonObject(), file));
        } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
            throw new BadFileException(file, "is not a readable config.json: " + e.getMessage(), e);
        }
    }

    private static Config read(Fields fields) {
        String type = fields.text("model_type");
        if (!TYPES.contains(type)) {
            throw new UnknownNameException("architecture (model_type in " + fields.file() + ")", type, TYPES);
        }
        fields.absent("quantization_config");
        return type.equals("gpt2") ? gpt2(fields) : llama(fields, type);
    }

    private static Config gpt2(Fields fields) {
        fields.require("activation_function", "gelu_new");
        fields.require("scale_attn_weights", "true");
        fields.require("scale_attn_by_inverse_layer_idx", "false");
        int width = fields.integer("n_embd");
        int heads = fields.integer("n_head");
        return new Config(
                Architecture.GPT2,
                fields.integer("vocab_size"),
                width,
                fields.integer("n_layer"),
                heads,
                heads,
                width / heads,
                fields.integer("n_inner", 4 * width),
                fields.integer("n_positions"),
                fields.number("layer_norm_epsilon", 1e-5),
                0,
                fields.flag("tie_word_embeddings", true));
    }

    private static Config llama(Fields fields, String type) {
        fields.require("hidden_act", "silu");
        int width = fields.integer("hidden_size");
        int heads = fields.integer("num_attention_heads");
        int context = fields.integer("max_position_embeddings");
        return new Config(
                Architecture.LLAMA,
                fields.integer("vocab_size"),
                width,
                fields.integer("num_hidden_layers"),
                heads,
                type.equals("llama")
                        ? fields.integer("num_key_value_heads", heads)
                        : fields.integer("num_key_value_heads"),
                fields.integer("head_dim", width / heads),
                fields.integer("intermediate_size"),
                context,
                window(fields, type, context),
                fields.number("rms_norm_eps", 1e-6),
                rope(fields, context),
                biases(fields, type),
                fields.flag("tie_word_embeddings", false));
    }

    private static Biases biases(Fields fields, String type) {
        if (type.equals("llama")) {
            boolean attention = fields.flag("attention_bias", false);
            return new Biases(attention, attention, fields.flag("mlp_bias", false));
        }
        return new Biases(type.equals("qwen2"), false, false);
    }

    private static int window(Fields fields, String type, int context) {
        return switch (type) {
            case "mistral" ->
                Math.min(
                        context,
                        fields.integer("sliding_window", fields.mentions("sliding_window") ? context : MISTRAL_WINDOW));
            case "qwen2" -> {
                fullAttention(fields);
                yield context;
            }
            default -> context;
        };
    }

    /** A Qwen2 may have some layers with a window and some without. */
    private static void fullAttention(Fields fields) {
        if (fields.has("layer_types")) {
            for (JsonElement layer : fields.json().getAsJsonArray("layer_types")) {
                if (!layer.getAsString().equals("full_attention")) {
                    throw fields.unsupported("layer_types", "\"full_attention\" in every layer");
                }
            }
        } else if (fields.has("sliding_window")
                && fields.integer("max_window_layers", 28) < fields.integer("num_hidden_layers")) {
            fields.require("use_sliding_window", "false");
        }
    }

    /** transformers 5 keeps all in "rope_parameters"; before, the base stood outside and the rest in "rope_scaling". */
    private static Rope rope(Fields fields, int context) {
        Fields rope = fields.within(fields.has("rope_scaling") ? "rope_scaling" : "rope_parameters");
        for (Fields place : List.of(fields, rope)) {
            place.require("partial_rotary_factor", 1);
        }
        for (var entry : rope.json().entrySet()) {
            if (entry.getValue().isJsonObject()) {
                throw new BadFileException(
                        fields.file(),
                        "has rotary settings for one kind of layer, \"%s\"; only one setting for all is supported"
                                .formatted(entry.getKey()));
            }
        }
        double theta = rope.number("rope_theta", fields.number("rope_theta", 10_000));
        String key = rope.has("rope_type") ? "rope_type" : "type";
        Rope.Scaling scaling =
                switch (rope.text(key, "default")) {
                    case "default" -> new Rope.Unscaled();
                    case "linear" -> new Rope.Linear(rope.number("factor"));
                    case "llama3" ->
                        new Rope.Llama3(
                                rope.number("factor"),
                                rope.number("low_freq_factor"),
                                rope.number("high_freq_factor"),
                                fields.integer(
                                        "original_max_position_embeddings",
                                        rope.integer("original_max_position_embeddings", context)));
                    default -> throw rope.unsupported(key, "\"default\", \"linear\" or \"llama3\"");
                };
        return new Rope(theta, scaling);
    }
}
