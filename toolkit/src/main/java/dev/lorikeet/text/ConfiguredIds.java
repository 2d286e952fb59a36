package dev.lorikeet.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The special ids that the files beside a tokenizer name: by token in {@code tokenizer_config.json} and
 * {@code special_tokens_map.json}, by id in {@code generation_config.json} and {@code config.json}, in this order.
 */
final class ConfiguredIds {

    private static final List<String> BY_TOKEN = List.of("tokenizer_config.json", "special_tokens_map.json");
    private static final List<String> BY_ID = List.of("generation_config.json", "config.json");

    private ConfiguredIds() {}

    static SpecialIds in(Path folder, Vocabulary vocabulary) {
        SpecialIds found = SpecialIds.UNKNOWN;
        for (String name : BY_TOKEN) {
            found = found.or(read(folder.resolve(name))
                    .map(json -> new SpecialIds(
                            byToken(json, "bos_token", vocabulary),
                            byToken(json, "eos_token", vocabulary),
                            byToken(json, "pad_token", vocabulary)))
                    .orElse(SpecialIds.UNKNOWN));
        }
        for (String name : BY_ID) {
            found = found.or(read(folder.resolve(name))
                    .map(json -> new SpecialIds(
                            byId(json, "bos_token_id", vocabulary),
                            byId(json, "eos_token_id", vocabulary),
                            byId(json, "pad_token_id", vocabulary)))
                    .orElse(SpecialIds.UNKNOWN));
        }
        return found;
    }

    private static Optional<JsonObject> read(Path file) {
        return Files.exists(file) ? Optional.of(JsonFiles.object(file)) : Optional.empty();
    }

    /** A token is written as a string, or as an object with its content. */
    private static OptionalInt byToken(JsonObject json, String role, Vocabulary vocabulary) {
        JsonElement value = json.get(role);
        if (value instanceof JsonObject token) {
            value = token.get("content");
        }
        return value != null && value.isJsonPrimitive() ? vocabulary.id(value.getAsString()) : OptionalInt.empty();
    }

    /** Where several ids end a text the first is the one to write. */
    private static OptionalInt byId(JsonObject json, String role, Vocabulary vocabulary) {
        JsonElement value = json.get(role);
        if (value instanceof JsonArray several && several.size() > 0) {
            value = several.get(0);
        }
        if (value == null || !value.isJsonPrimitive()) {
            return OptionalInt.empty();
        }
        int id = value.getAsInt();
        return id >= 0 && id < vocabulary.size() ? OptionalInt.of(id) : OptionalInt.empty();
    }
}
