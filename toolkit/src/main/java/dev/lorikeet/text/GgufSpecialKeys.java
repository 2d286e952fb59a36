package dev.lorikeet.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.text.format.GgufEosIds;
import dev.lorikeet.text.format.JsonFiles;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.Vocabulary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/** The GGUF keys of special tokens and the chat template, the same for every kind of vocabulary. */
final class GgufSpecialKeys {

    private static final String KEY = "tokenizer.ggml.";

    private GgufSpecialKeys() {}

    /**
     * @param special the ids; padding only where the files name a token for it, as llama.cpp pads by the end token
     * @param isControl whether a token is written as a control token
     */
    static void put(
            Map<String, Object> keys,
            SpecialIds special,
            OptionalInt unknown,
            SpecialTokenPolicy policy,
            Vocabulary vocabulary,
            IntPredicate isControl,
            Path folder) {
        put(keys, "bos_token_id", special.bos());
        put(keys, "eos_token_id", special.eos());
        putOtherEnds(keys, special, vocabulary, GgufEosIds.named(vocabulary, isControl), folder);
        put(keys, "padding_token_id", special.pad());
        put(keys, "unknown_token_id", unknown);
        keys.put(KEY + "add_bos_token", policy.bos());
        keys.put(KEY + "add_eos_token", policy.eos());
        Path settings = folder.resolve("tokenizer_config.json");
        String template = chatTemplate(folder, Files.exists(settings) ? JsonFiles.object(settings) : new JsonObject());
        if (template != null) {
            keys.put("tokenizer.chat_template", template);
        }
    }

    /** GGUF has keys for three ends; those that llama.cpp knows by their spelling need none. */
    private static void putOtherEnds(
            Map<String, Object> keys, SpecialIds special, Vocabulary vocabulary, Set<Integer> named, Path folder) {
        List<Integer> others = special.eosIds().stream()
                .filter(id -> special.eos().isEmpty() || special.eos().getAsInt() != id)
                .filter(id -> !named.contains(id))
                .sorted()
                .toList();
        for (int i = 0; i < others.size(); i++) {
            if (i < 2) {
                put(keys, i == 0 ? "eot_token_id" : "eom_token_id", OptionalInt.of(others.get(i)));
            } else {
                System.out.printf(
                        "%s: the end token \"%s\" is left out, as a GGUF file has room for three.%n",
                        folder, vocabulary.token(others.get(i)));
            }
        }
    }

    private static void put(Map<String, Object> keys, String key, OptionalInt id) {
        id.ifPresent(present -> keys.put(KEY + key, (long) present));
    }

    /** A text in the configuration, one of several there, or a file of its own; null for none. */
    private static String chatTemplate(Path folder, JsonObject config) {
        Path own = folder.resolve("chat_template.jinja");
        if (Files.exists(own)) {
            return JsonFiles.text(own);
        }
        if (config.get("chat_template") instanceof JsonArray several) {
            for (JsonElement one : several) {
                if ("default".equals(text(one.getAsJsonObject(), "name"))) {
                    return text(one.getAsJsonObject(), "template");
                }
            }
        }
        return text(config, "chat_template");
    }

    private static String text(JsonObject json, String key) {
        JsonElement value = json.get(key);
        return value == null || !value.isJsonPrimitive() ? null : value.getAsString();
    }
}
