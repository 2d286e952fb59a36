package dev.lorikeet.model.io;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes the {@code config.json} by which transformers builds a model. */
final class ConfigJson {

    private static final String PAD = "pad_token_id";

    private ConfigJson() {}

    /** The settings of the model's own file, if it has one, so that nothing of it is lost; else those that it needs. */
    static String of(LoadedModel model, DType dtype, Optional<TaskHead> head) {
        Path own = model.origin().map(path -> path.resolve(ModelFiles.CONFIG)).orElse(null);
        JsonObject json = own != null && Files.isRegularFile(own)
                ? ConfigFiles.object(own)
                : made(model.config(), model.tokenizer());
        // The weights are dense again, whatever the file said of them.
        json.remove("quantization_config");
        json.remove("dtype");
        json.addProperty("torch_dtype", dtype.toString());
        json.addProperty("tie_word_embeddings", Export.config(model).tiedEmbeddings());
        head.ifPresent(made -> {
            made.addTo(json, Families.named(model.config().family()).architecture());
            if (!json.has(PAD) || json.get(PAD).isJsonNull()) {
                // Without it transformers classifies one text at a time only.
                id(json, PAD, model.tokenizer().pad());
            }
        });
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeNulls()
                        .create()
                        .toJson(json) + "\n";
    }

    private static JsonObject made(ModelConfig config, Tokenizer tokenizer) {
        JsonObject json = ConfigFiles.json(config);
        id(json, "bos_token_id", tokenizer.bos());
        id(json, "eos_token_id", tokenizer.eos());
        return json;
    }

    private static void id(JsonObject json, String key, OptionalInt id) {
        id.ifPresent(present -> json.addProperty(key, present));
    }
}
