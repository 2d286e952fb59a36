package dev.lorikeet.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Config.Architecture;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads a {@link Config} from a Hugging Face {@code config.json} or from GGUF metadata. */
final class Configs {

    private static final List<String> ARCHITECTURES = List.of("gpt2", "llama");

    private Configs() {}

    static Config fromJson(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return fromJson(JsonParser.parseReader(reader).getAsJsonObject(), file);
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new BadFileException(file, "is not a readable config.json: " + e.getMessage(), e);
        }
    }

    private static Config fromJson(JsonObject json, Path file) {
        Fields fields = new Fields(json, file);
        String type = fields.text("model_type");
        return switch (type) {
            case "gpt2" -> gpt2(fields);
            case "llama" -> llama(fields);
            default -> throw new UnknownNameException("architecture (model_type in " + file + ")", type, ARCHITECTURES);
        };
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

    private static Config llama(Fields fields) {
        fields.require("hidden_act", "silu");
        fields.absent("rope_scaling");
        Fields rope = fields.within("rope_parameters");
        rope.require("rope_type", "default");
        int width = fields.integer("hidden_size");
        int heads = fields.integer("num_attention_heads");
        return new Config(
                Architecture.LLAMA,
                fields.integer("vocab_size"),
                width,
                fields.integer("num_hidden_layers"),
                heads,
                fields.integer("num_key_value_heads", heads),
                fields.integer("head_dim", width / heads),
                fields.integer("intermediate_size"),
                fields.integer("max_position_embeddings"),
                fields.number("rms_norm_eps", 1e-6),
                rope.number("rope_theta", fields.number("rope_theta", 10_000)),
                fields.flag("tie_word_embeddings", false));
    }

    /**
     * @param vocabulary rows of the token table, which metadata need not say
     * @param tied whether the file has no output tensor of its own
     */
    static Config fromGguf(Map<String, Object> metadata, Path file, int vocabulary, boolean tied) {
        String type = String.valueOf(metadata.get("general.architecture"));
        if (!ARCHITECTURES.contains(type)) {
            throw new UnknownNameException("architecture (general.architecture in " + file + ")", type, ARCHITECTURES);
        }
        Object scaling = metadata.getOrDefault(type + ".rope.scaling.type", "none");
        if (!scaling.equals("none")) {
            throw new BadFileException(
                    file, "scales its rotary positions (\"%s\"), which is not supported".formatted(scaling));
        }
        JsonObject json = new JsonObject();
        metadata.forEach((key, value) -> {
            if (key.startsWith(type + ".") && value instanceof Number number) {
                json.addProperty(key.substring(type.length() + 1), number);
            }
        });
        Fields fields = new Fields(json, file);
        int width = fields.integer("embedding_length");
        int heads = fields.integer("attention.head_count");
        boolean llama = type.equals("llama");
        return new Config(
                llama ? Architecture.LLAMA : Architecture.GPT2,
                vocabulary,
                width,
                fields.integer("block_count"),
                heads,
                fields.integer("attention.head_count_kv", heads),
                fields.integer("attention.key_length", width / heads),
                fields.integer("feed_forward_length"),
                fields.integer("context_length"),
                fields.number(llama ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon", 1e-5),
                llama ? fields.number("rope.freq_base", 10_000) : 0,
                tied);
    }

    /** The fields of one file, each read with an error that names it. */
    private record Fields(JsonObject json, Path file) {

        private JsonElement get(String key) {
            JsonElement value = json.get(key);
            return value == null || value.isJsonNull() ? null : value;
        }

        private JsonElement needed(String key) {
            JsonElement value = get(key);
            if (value == null) {
                throw new BadFileException(file, "has no \"" + key + "\"");
            }
            return value;
        }

        /** The fields of an object inside this one; without it, none. */
        Fields within(String key) {
            JsonElement value = get(key);
            return new Fields(value == null ? new JsonObject() : value.getAsJsonObject(), file);
        }

        String text(String key) {
            return needed(key).getAsString();
        }

        int integer(String key) {
            return needed(key).getAsInt();
        }

        int integer(String key, int absent) {
            JsonElement value = get(key);
            return value == null ? absent : value.getAsInt();
        }

        double number(String key, double absent) {
            JsonElement value = get(key);
            return value == null ? absent : value.getAsDouble();
        }

        boolean flag(String key, boolean absent) {
            JsonElement value = get(key);
            return value == null ? absent : value.getAsBoolean();
        }

        void require(String key, String supported) {
            JsonElement value = get(key);
            if (value != null && !value.getAsString().equals(supported)) {
                throw new BadFileException(
                        file,
                        "\"%s\" is \"%s\"; only \"%s\" is supported".formatted(key, value.getAsString(), supported));
            }
        }

        void absent(String key) {
            if (get(key) != null) {
                throw new BadFileException(file, "\"%s\" is %s, which is not supported".formatted(key, get(key)));
            }
        }
    }
}
