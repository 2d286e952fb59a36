package dev.lorikeet.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.ConfiguredIds;
import dev.lorikeet.text.format.JsonFiles;
import dev.lorikeet.text.format.PreTokenizer;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.TokenizerJson;
import dev.lorikeet.text.format.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;

/**
 * The tokenizer of a folder in Hugging Face's layout as GGUF metadata, keys {@code tokenizer.*}, the way back from {@link
 * GgufTokenizer}. The keys mean what llama.cpp takes them for.
 */
final class GgufVocabulary {

    private static final String KEY = "tokenizer.ggml.";

    /** Kinds of token. */
    private static final int NORMAL = 1;

    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int BYTE = 6;

    private final Path folder;
    private final Path file;
    private final TokenizerJson tokenizer;
    private final JsonObject json;
    private final JsonObject model;

    private GgufVocabulary(Path folder, Path file, TokenizerJson tokenizer) {
        this.folder = folder;
        this.file = file;
        this.tokenizer = tokenizer;
        this.json = JsonFiles.object(tokenizer.json(), file);
        this.model = json.getAsJsonObject("model");
    }

    static GgufVocabulary read(Path folder) {
        Path file = Tokenizers.find(folder)
                .orElseThrow(() -> new BadFileException(
                        folder,
                        "holds no tokenizer.json and no vocab.json, of which a GGUF file's vocabulary is made"));
        return new GgufVocabulary(folder, file, Tokenizers.json(file));
    }

    /** @param rows of the token table */
    Map<String, Object> metadata(int rows) {
        Map<String, Object> keys = new LinkedHashMap<>();
        boolean bytes = tokenizer.kind().equals("byte-level BPE");
        if (!bytes && !tokenizer.kind().equals("BPE with byte fallback")) {
            throw new BadFileException(
                    file,
                    "is a %s tokenizer; only byte-level BPE and BPE with byte fallback can be written as GGUF"
                            .formatted(tokenizer.kind()));
        }
        List<String> tokens = tokens(rows);
        int[] types = types(tokens);
        keys.put(KEY + "model", bytes ? "gpt2" : "llama");
        keys.put(KEY + "pre", bytes ? PreTokenizer.in(json, file).name() : "default");
        keys.put(KEY + "tokens", tokens);
        if (bytes) {
            keys.put(KEY + "token_type", types);
            keys.put(KEY + "merges", merges());
        } else {
            keys.put(KEY + "scores", scores(tokens, types));
            keys.put(KEY + "token_type", types);
            keys.put(KEY + "add_space_prefix", startsWithSpace());
            SentencePieceGguf.writeSpaces(tokens, types);
        }
        special(keys);
        sayWhatIsLost();
        return keys;
    }

    private List<String> tokens(int rows) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        if (vocabulary.size() > rows) {
            throw new BadFileException(
                    file, "has %d tokens, but the model's table only %d rows".formatted(vocabulary.size(), rows));
        }
        List<String> tokens = new ArrayList<>();
        for (int id = 0; id < rows; id++) {
            tokens.add(vocabulary.has(id) ? vocabulary.token(id) : "[PAD" + id + "]");
        }
        return tokens;
    }

    private int[] types(List<String> tokens) {
        int[] types = new int[tokens.size()];
        for (int id = 0; id < types.length; id++) {
            boolean single = tokens.get(id).matches("<0x[0-9A-F]{2}>");
            types[id] = !tokenizer.vocabulary().has(id) ? UNUSED : single ? BYTE : NORMAL;
        }
        if (json.get("added_tokens") instanceof JsonArray added) {
            for (JsonElement element : added) {
                JsonObject token = element.getAsJsonObject();
                types[token.get("id").getAsInt()] = isOn(token, "special") ? CONTROL : USER_DEFINED;
            }
        }
        unknown().ifPresent(id -> types[id] = UNKNOWN);
        return types;
    }

    private void sayWhatIsLost() {
        if (json.get("added_tokens") instanceof JsonArray added) {
            long stripping = StreamSupport.stream(added.spliterator(), false)
                    .map(JsonElement::getAsJsonObject)
                    .filter(token -> isOn(token, "lstrip") || isOn(token, "rstrip") || isOn(token, "single_word"))
                    .count();
            if (stripping > 0) {
                System.out.printf(
                        "%s: %d added tokens take the white space beside them along, or are found as single words only;"
                                + " a GGUF file cannot say that.%n",
                        file, stripping);
            }
        }
    }

    private static boolean isOn(JsonObject token, String flag) {
        return token.has(flag) && token.get(flag).getAsBoolean();
    }

    /** Pairs, written "left right" or as lists of two. */
    private List<String> merges() {
        List<String> merges = new ArrayList<>();
        for (JsonElement merge : model.getAsJsonArray("merges")) {
            merges.add(
                    merge instanceof JsonArray pair
                            ? pair.get(0).getAsString() + " " + pair.get(1).getAsString()
                            : merge.getAsString());
        }
        return merges;
    }

    /** SentencePiece merges the pair with the highest score first, so that a score is a merge's place, negated. */
    private float[] scores(List<String> tokens, int[] types) {
        Map<String, Integer> places = new HashMap<>();
        List<String> merges = merges();
        for (int i = 0; i < merges.size(); i++) {
            places.putIfAbsent(merges.get(i).replace(" ", ""), i);
        }
        float[] scores = new float[tokens.size()];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = types[id] == NORMAL ? -places.getOrDefault(tokens.get(id), merges.size()) : 0;
        }
        return scores;
    }

    private boolean startsWithSpace() {
        String steps = json.get("normalizer") + " " + json.get("pre_tokenizer");
        boolean metaspace = steps.contains("\"Metaspace\"") && !steps.contains("\"never\"");
        return steps.contains("\"Prepend\"") || metaspace;
    }

    private void special(Map<String, Object> keys) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        SpecialIds configured = ConfiguredIds.in(folder, vocabulary);
        SpecialIds usual = configured.orUsual(vocabulary, tokenizer::isSpecial);
        boolean templated = usual.bos().isPresent()
                && String.valueOf(json.get("post_processor"))
                        .contains(
                                "{\"id\":" + quoted(vocabulary.token(usual.bos().getAsInt())));
        GgufSpecialKeys.put(
                keys,
                new SpecialIds(usual.bos(), usual.eos(), configured.pad(), usual.eosIds()),
                unknown(),
                new SpecialTokenPolicy(templated, false).configured(folder),
                vocabulary,
                tokenizer::isSpecial,
                folder);
    }

    private OptionalInt unknown() {
        String token = text(model, "unk_token");
        return token == null ? OptionalInt.empty() : tokenizer.vocabulary().id(token);
    }

    private static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }

    private static String text(JsonObject json, String key) {
        JsonElement value = json.get(key);
        return value == null || !value.isJsonPrimitive() ? null : value.getAsString();
    }
}
