package dev.lorikeet.text.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.TokenizerJson.Added;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens that the files beside a vocabulary add to it, as transformers' slow tokenizers read them:
 * {@code added_tokens_decoder} in tokenizer_config.json, else added_tokens.json; then the special tokens that tokenizer_config.json
 * and special_tokens_map.json name, with new ids at the end where the vocabulary lacks them.
 */
public final class AddedTokens {

    private static final String CONFIG = "tokenizer_config.json";

    /** The roles, in the order in which tokens that are missing get their ids. */
    private static final List<String> ROLES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final List<String> LISTS = List.of("additional_special_tokens", "extra_special_tokens");

    private final Path folder;
    private final Map<String, Integer> ids;
    private final Map<String, Added> tokens = new LinkedHashMap<>();

    private AddedTokens(Path folder, Map<String, Integer> ids) {
        this.folder = folder;
        this.ids = ids;
    }

    /**
     * @param ids the vocabulary's tokens
     * @param usual the class's own special tokens by role, for roles that the files leave out
     */
    public static List<Added> in(Path folder, Map<String, Integer> ids, Map<String, String> usual) {
        AddedTokens found = new AddedTokens(folder, ids);
        JsonObject config = found.json(CONFIG);
        Map<String, JsonElement> special = found.special(config, usual);
        if (config.get("added_tokens_decoder") instanceof JsonObject decoder) {
            decoder.entrySet().forEach(entry -> found.decoded(entry.getKey(), entry.getValue()));
        } else {
            found.json("added_tokens.json").entrySet().forEach(entry -> {
                int id = found.id(entry.getValue().toString(), "added_tokens.json");
                boolean isSpecial = special.containsKey(entry.getKey());
                found.put(new Added(id, entry.getKey(), isSpecial, !isSpecial, false, false, false));
            });
        }
        special.forEach(found::addSpecial);
        return List.copyOf(found.tokens.values());
    }

    private JsonObject json(String name) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? JsonFiles.object(file) : new JsonObject();
    }

    /** The special tokens, each as a string or an object with its settings. */
    private Map<String, JsonElement> special(JsonObject config, Map<String, String> usual) {
        JsonObject map = json("special_tokens_map.json");
        Map<String, JsonElement> special = new LinkedHashMap<>();
        for (String role : ROLES) {
            JsonElement token = map.has(role) ? map.get(role) : config.get(role);
            if (token == null && usual.containsKey(role)) {
                special.put(usual.get(role), new JsonObject());
            } else if (token != null && !token.isJsonNull()) {
                special.put(content(token), token);
            }
        }
        for (JsonObject file : List.of(config, map)) {
            for (String list : LISTS) {
                if (file.get(list) instanceof JsonArray several) {
                    several.forEach(token -> special.put(content(token), token));
                }
            }
        }
        return special;
    }

    private String content(JsonElement token) {
        JsonElement content = token instanceof JsonObject object ? object.get("content") : token;
        if (content == null || !content.isJsonPrimitive()) {
            throw new BadFileException(
                    folder.resolve(CONFIG), "names the special token " + token + "; expected a string or its content");
        }
        return content.getAsString();
    }

    private void decoded(String number, JsonElement token) {
        put(token(id(number, CONFIG), content(token), token, flag(token, "special", false)));
    }

    private void addSpecial(String content, JsonElement settings) {
        if (tokens.containsKey(content)) {
            return;
        }
        int id = ids.getOrDefault(content, size());
        put(token(id, content, settings, true));
    }

    private static Added token(int id, String content, JsonElement settings, boolean special) {
        return new Added(
                id,
                content,
                special,
                flag(settings, "normalized", !special),
                flag(settings, "lstrip", false),
                flag(settings, "rstrip", false),
                flag(settings, "single_word", false));
    }

    private int size() {
        return (int) (ids.size()
                + tokens.keySet().stream()
                        .filter(token -> !ids.containsKey(token))
                        .count());
    }

    private void put(Added token) {
        Integer own = ids.get(token.content());
        if (own != null && own != token.id()) {
            throw new BadFileException(
                    folder,
                    "adds \"%s\" as token %d, but its vocabulary has it as %d"
                            .formatted(token.content(), token.id(), own));
        }
        tokens.put(token.content(), token);
    }

    private int id(String number, String file) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw new BadFileException(folder.resolve(file), "has the token id " + number + "; expected a number", e);
        }
    }

    private static boolean flag(JsonElement token, String key, boolean absent) {
        return token instanceof JsonObject object
                        && object.has(key)
                        && object.get(key).isJsonPrimitive()
                ? object.get(key).getAsBoolean()
                : absent;
    }
}
