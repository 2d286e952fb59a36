package dev.lorikeet.model;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.text.Tokenizer;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Writes the {@code config.json} by which transformers builds a model. */
final class ConfigJson {

    private ConfigJson() {}

    /** The settings of the model's own file, if it has one, so that nothing of it is lost; else those that it needs. */
    static String of(CausalModel model, DType precision) {
        Path own = model.origin().map(path -> path.resolve(Checkpoint.CONFIG)).orElse(null);
        boolean copied = own != null && Files.isRegularFile(own);
        JsonObject json = copied ? read(own) : made(model.config(), model.tokenizer());
        // The weights are whole again, whatever the file said of them.
        json.remove("quantization_config");
        json.remove("dtype");
        json.addProperty("torch_dtype", precision.toString());
        json.addProperty("tie_word_embeddings", model.config().tied());
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeNulls()
                        .create()
                        .toJson(json) + "\n";
    }

    private static JsonObject read(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return Json.parse(reader).getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new BadFileException(file, "is not a readable config.json: " + e.getMessage(), e);
        }
    }

    private static JsonObject made(Config config, Tokenizer tokenizer) {
        JsonObject json =
                switch (config.architecture()) {
                    case GPT2 -> gpt2(config);
                    case LLAMA -> llama(config);
                };
        json.addProperty("vocab_size", config.vocabulary());
        id(json, "bos_token_id", tokenizer.bos());
        id(json, "eos_token_id", tokenizer.eos());
        return json;
    }

    private static JsonObject gpt2(Config config) {
        JsonObject json = architecture("GPT2LMHeadModel", "gpt2");
        json.addProperty("n_embd", config.width());
        json.addProperty("n_layer", config.layers());
        json.addProperty("n_head", config.heads());
        json.addProperty("n_inner", config.mlpWidth());
        json.addProperty("n_positions", config.context());
        json.addProperty("activation_function", "gelu_new");
        json.addProperty("layer_norm_epsilon", shortened(config.epsilon()));
        return json;
    }

    private static JsonObject llama(Config config) {
        JsonObject json =
                switch (config.family()) {
                    case LLAMA -> architecture("LlamaForCausalLM", "llama");
                    case MISTRAL -> architecture("MistralForCausalLM", "mistral");
                    case QWEN2 -> architecture("Qwen2ForCausalLM", "qwen2");
                };
        switch (config.family()) {
            case LLAMA -> {
                json.addProperty("attention_bias", config.biases().queryKeyValue());
                json.addProperty("mlp_bias", config.biases().mlp());
            }
            case MISTRAL -> json.addProperty("sliding_window", config.window());
            case QWEN2 -> json.addProperty("use_sliding_window", false);
        }
        json.addProperty("hidden_size", config.width());
        json.addProperty("num_hidden_layers", config.layers());
        json.addProperty("num_attention_heads", config.heads());
        json.addProperty("num_key_value_heads", config.keyValueHeads());
        json.addProperty("head_dim", config.headWidth());
        json.addProperty("intermediate_size", config.mlpWidth());
        json.addProperty("max_position_embeddings", config.context());
        json.addProperty("hidden_act", "silu");
        json.addProperty("rms_norm_eps", shortened(config.epsilon()));
        // Before and since transformers 5.
        json.addProperty("rope_theta", config.rope().theta());
        JsonObject rope = scaling(config.rope().scaling());
        if (rope.has("factor")) {
            json.add("rope_scaling", rope.deepCopy());
        }
        rope.addProperty("rope_theta", config.rope().theta());
        json.add("rope_parameters", rope);
        return json;
    }

    private static JsonObject scaling(Rope.Scaling scaling) {
        JsonObject json = new JsonObject();
        if (scaling instanceof Rope.Linear linear) {
            json.addProperty("rope_type", "linear");
            json.addProperty("factor", linear.factor());
        } else if (scaling instanceof Rope.Llama3 llama3) {
            json.addProperty("rope_type", "llama3");
            json.addProperty("factor", llama3.factor());
            json.addProperty("low_freq_factor", llama3.lowFactor());
            json.addProperty("high_freq_factor", llama3.highFactor());
            json.addProperty("original_max_position_embeddings", llama3.firstContext());
        } else if (scaling instanceof Rope.Unscaled) {
            json.addProperty("rope_type", "default");
        } else {
            throw new LorikeetException(
                    "A model whose GGUF file scales rotary positions by divisors cannot be written as a "
                            + "folder: transformers wants the settings that the divisors were made from. Write a GGUF file, or "
                            + "load the model from its own folder");
        }
        return json;
    }

    private static JsonObject architecture(String type, String name) {
        JsonArray architectures = new JsonArray();
        architectures.add(type);
        JsonObject json = new JsonObject();
        json.add("architectures", architectures);
        json.addProperty("model_type", name);
        return json;
    }

    private static void id(JsonObject json, String key, OptionalInt id) {
        id.ifPresent(present -> json.addProperty(key, present));
    }

    /** GGUF keeps it as a float32: 1e-5 is not 9.999999747378752E-6. */
    private static double shortened(double epsilon) {
        return Double.parseDouble(Float.toString((float) epsilon));
    }
}
