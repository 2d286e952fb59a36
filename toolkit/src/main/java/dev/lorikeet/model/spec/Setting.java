package dev.lorikeet.model.spec;

import com.google.gson.JsonObject;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.ModelConfigBuilder;

/** One setting of a model, or a few that belong together, as config.json and GGUF files have it. */
public interface Setting {

    /** Reads it from config.json, with the default of transformers. */
    default void read(Fields json, ModelConfigBuilder config) {}

    /** Writes it into config.json. */
    default void write(ModelConfig config, JsonObject json) {}

    /** Reads it from a GGUF file. */
    default void readGguf(GgufFields file, ModelConfigBuilder config) {}

    /** Writes it into the metadata of a GGUF file. */
    default void writeGguf(ModelConfig config, GgufKeys keys) {}
}
