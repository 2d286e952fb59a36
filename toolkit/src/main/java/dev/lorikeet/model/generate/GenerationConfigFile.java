package dev.lorikeet.model.generate;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the generation_config.json that comes with a model, with the defaults of transformers. */
public final class GenerationConfigFile {

    private static final String FILE = "generation_config.json";

    /** transformers' own limit of 20 tokens cuts every answer. */
    private static final int MAX_TOKENS = 256;

    /** transformers draws from so many tokens unless a file says otherwise. */
    private static final int TOP_K = 50;

    private static final long SEED = 123;

    private final JsonObject json;

    private GenerationConfigFile(JsonObject json) {
        this.json = json;
    }

    /** The settings of a model without such a file: the likeliest token each time, at most 256. */
    public static GenerationConfig missing() {
        return GenerationConfig.greedy(MAX_TOKENS);
    }

    /**
     * Reads the settings beside a model; {@link #missing} if there is no file.
     *
     * @param model the folder of the model, or its file
     * @throws BadFileException if the file cannot be read
     */
    public static GenerationConfig read(Path model) {
        Path file = model.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return missing();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            return new GenerationConfigFile(Json.object(Json.parse(reader), "its content")).config();
        } catch (IOException | JsonParseException | BadArgumentException e) {
            throw new BadFileException(file, "is no readable generation configuration: " + e.getMessage(), e);
        }
    }

    private GenerationConfig config() {
        boolean samples = has("do_sample") && Json.flag(json.get("do_sample"), "do_sample");
        return new GenerationConfig(
                integer("max_new_tokens", MAX_TOKENS),
                0,
                samples ? number("temperature", 1) : 0,
                samples ? integer("top_k", TOP_K) : 0,
                samples ? number("top_p", 1) : 1,
                number("repetition_penalty", 1),
                List.of(),
                SEED);
    }

    private int integer(String key, int missing) {
        return has(key) ? Json.integer(json.get(key), key) : missing;
    }

    private double number(String key, double missing) {
        return has(key) ? Json.number(json.get(key), key) : missing;
    }

    private boolean has(String key) {
        return json.has(key) && !json.get(key).isJsonNull();
    }
}
