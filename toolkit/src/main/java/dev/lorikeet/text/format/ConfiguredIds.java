package dev.lorikeet.text.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The special ids that the files beside a tokenizer name: by token in {@code tokenizer_config.json} and
 * {@code special_tokens_map.json}, by id in {@code generation_config.json} and {@code config.json}, in this order.
 */
public final class ConfiguredIds {

    private static final List<String> BY_TOKEN = List.of("tokenizer_config.json", "special_tokens_map.json");
    private static final List<String> BY_ID = List.of("generation_config.json", "config.json");

    private ConfiguredIds() {}

    /** The special ids; generation ends at all end tokens that any of the files names. */
    public static SpecialIds in(Path folder, Vocabulary vocabulary) {
        SpecialIds found = SpecialIds.UNKNOWN;
        for (String name : BY_TOKEN) {
            JsonObject json = read(folder.resolve(name));
            SpecialIds named = new SpecialIds(
                    byToken(json, "bos_token", vocabulary),
                    byToken(json, "eos_token", vocabulary),
                    byToken(json, "pad_token", vocabulary));
            found = found.or(named).endingAlsoAt(named.eosIds());
        }
        for (String name : BY_ID) {
            Path file = folder.resolve(name);
            JsonObject json = read(file);
            Set<Integer> eos = all(json, "eos_token_id", vocabulary, file);
            SpecialIds named = new SpecialIds(
                    first(all(json, "bos_token_id", vocabulary, file)),
                    first(eos),
                    first(all(json, "pad_token_id", vocabulary, file)),
                    eos);
            found = found.or(named).endingAlsoAt(named.eosIds());
        }
        return found;
    }

    private static JsonObject read(Path file) {
        return Files.exists(file) ? JsonFiles.object(file) : new JsonObject();
    }

    /** A token is written as a string, or as an object with its content. */
    private static OptionalInt byToken(JsonObject json, String role, Vocabulary vocabulary) {
        JsonElement value = json.get(role);
        if (value instanceof JsonObject token) {
            value = token.get("content");
        }
        return value != null && value.isJsonPrimitive() ? vocabulary.id(value.getAsString()) : OptionalInt.empty();
    }

    /** The first id, which is the one that is written where there are several end tokens. */
    private static OptionalInt first(Set<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).findFirst();
    }

    /** The ids in a number or a list of numbers that are in the vocabulary. */
    private static Set<Integer> all(JsonObject json, String role, Vocabulary vocabulary, Path file) {
        JsonElement value = json.get(role);
        Set<Integer> ids = new LinkedHashSet<>();
        Iterable<JsonElement> values =
                value instanceof JsonArray several ? several : value == null ? List.of() : List.of(value);
        for (JsonElement one : values) {
            if (one.isJsonNull()) {
                continue;
            }
            if (!(one instanceof JsonPrimitive number) || !number.isNumber()) {
                throw new BadFileException(file, role + " is " + one + "; expected a token id or a list of them");
            }
            double id = number.getAsDouble();
            if (id >= 0 && id < vocabulary.size() && id == Math.rint(id)) {
                ids.add((int) id);
            }
        }
        return ids;
    }
}
