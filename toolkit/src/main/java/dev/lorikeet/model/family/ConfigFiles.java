package dev.lorikeet.model.family;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.Fields;
import dev.lorikeet.model.spec.GgufFields;
import dev.lorikeet.model.spec.GgufKeys;
import dev.lorikeet.weights.TensorFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Reads and writes the settings of a model as its family has them. */
public final class ConfigFiles {

    private ConfigFiles() {}

    /** Reads a Hugging Face {@code config.json}, with the defaults of transformers. */
    public static ModelConfig read(Path file) {
        JsonObject json = object(file);
        return readable(file, "is not a readable config.json: ", () -> {
            Fields fields = new Fields(json, file);
            Family family = Families.ofModelType(fields.text("model_type"), file);
            fields.absent("quantization_config");
            ModelConfigBuilder config = family.config();
            family.settings().forEach(setting -> setting.read(fields, config));
            return config.build();
        });
    }

    /** The settings in a config.json as they stand there. */
    public static JsonObject object(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return Json.object(Json.parse(reader), "its content");
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new BadFileException(file, "is not a readable config.json: " + e.getMessage(), e);
        }
    }

    /** Reads the metadata of a GGUF file, and which tensors it has. */
    public static ModelConfig read(TensorFile file) {
        String architecture = String.valueOf(file.metadata().get(GgufFields.ARCHITECTURE));
        return readable(file.path(), "has a setting of another type than expected: ", () -> {
            GgufFields fields = GgufFields.of(file, architecture);
            Family family = Families.ofGguf(architecture, file);
            ModelConfigBuilder config = family.config();
            family.settings().forEach(setting -> setting.readGguf(fields, config));
            return config.build();
        });
    }

    private static ModelConfig readable(Path file, String problem, Supplier<ModelConfig> reading) {
        try {
            return reading.get();
        } catch (BadArgumentException e) {
            throw new BadFileException(file, "cannot be used: " + e.getMessage(), e);
        } catch (IllegalStateException | NumberFormatException | UnsupportedOperationException | ClassCastException e) {
            throw new BadFileException(file, problem + e.getMessage(), e);
        }
    }

    /** Gives the config.json by which transformers builds a model. */
    public static JsonObject json(ModelConfig config) {
        Family family = Families.named(config.family());
        JsonArray architectures = new JsonArray();
        architectures.add(family.architecture());
        JsonObject json = new JsonObject();
        json.add("architectures", architectures);
        json.addProperty("model_type", family.name());
        family.settings().forEach(setting -> setting.write(config, json));
        return json;
    }

    /** Gives the metadata and the small tensors of a GGUF file, without the tokenizer. */
    public static GgufKeys gguf(ModelConfig config) {
        Family family = Families.named(config.family());
        GgufKeys keys = new GgufKeys(family.gguf());
        family.settings().forEach(setting -> setting.writeGguf(config, keys));
        return keys;
    }
}
