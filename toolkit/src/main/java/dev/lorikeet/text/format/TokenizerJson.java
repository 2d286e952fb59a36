package dev.lorikeet.text.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.text.schema.TokenizerSchema;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A tokenizer in the format of {@code tokenizer.json}, read from a file or made from parts.
 *
 * @param json what the native library may see
 * @param special the ids of the added tokens that are special
 */
public record TokenizerJson(String json, Vocabulary vocabulary, String kind, Set<Integer> special) {

    /**
     * A token that is found in the text before anything else is split.
     *
     * @param normalized whether it is looked for in the normalized text
     * @param lstrip whether it takes the white space before it along
     * @param rstrip whether it takes the white space after it along
     * @param singleWord whether it is found only where no letter or digit touches it
     */
    public record Added(
            int id,
            String content,
            boolean special,
            boolean normalized,
            boolean lstrip,
            boolean rstrip,
            boolean singleWord) {

        public static Added exactly(int id, String content, boolean special) {
            return new Added(id, content, special, false, false, false, false);
        }
    }

    public static TokenizerJson read(Path file) {
        JsonObject root = JsonFiles.object(file);
        if (!(root.get("model") instanceof JsonObject model) || !model.has("vocab")) {
            throw new BadFileException(file, "is not a tokenizer.json: it has no model with a vocabulary");
        }
        String json = TokenizerSchema.checked(root, file);
        Map<String, Integer> ids = vocabulary(model.get("vocab"));
        if (root.get("added_tokens") instanceof JsonArray added) {
            added.forEach(token -> ids.put(
                    token.getAsJsonObject().get("content").getAsString(),
                    token.getAsJsonObject().get("id").getAsInt()));
        }
        return new TokenizerJson(json, Vocabulary.of(ids, file), kind(root, model), special(root));
    }

    /**
     * A byte-level BPE tokenizer.
     *
     * @param ids every token and its id, the added ones included
     * @param merges pairs "left right", the first to be merged first
     * @param words how text is split before the merges
     */
    public static TokenizerJson byteLevel(
            Map<String, Integer> ids,
            List<String> merges,
            Collection<Added> added,
            PreTokenizer words,
            Path forErrors) {
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        JsonObject vocab = new JsonObject();
        ids.forEach(vocab::addProperty);
        model.add("vocab", vocab);
        JsonArray pairs = new JsonArray();
        merges.forEach(pairs::add);
        model.add("merges", pairs);
        if (words.ignoreMerges()) {
            model.addProperty("ignore_merges", true);
        }

        JsonArray tokens = new JsonArray();
        added.forEach(token -> tokens.add(json(token)));
        JsonObject root = new JsonObject();
        root.addProperty("version", "1.0");
        root.add("added_tokens", tokens);
        if (words.nfc()) {
            JsonObject normalizer = new JsonObject();
            normalizer.addProperty("type", "NFC");
            root.add("normalizer", normalizer);
        }
        root.add("pre_tokenizer", PreTokenizerSteps.json(words.steps()));
        root.add("decoder", PreTokenizerSteps.bytes(true));
        root.add("model", model);
        String json = TokenizerSchema.checked(root, forErrors);
        return new TokenizerJson(json, Vocabulary.of(ids, forErrors), kind(root, model), special(root));
    }

    private static Set<Integer> special(JsonObject root) {
        if (!(root.get("added_tokens") instanceof JsonArray added)) {
            return Set.of();
        }
        return StreamSupport.stream(added.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(token -> token.get("special") instanceof JsonPrimitive flag && flag.getAsBoolean())
                .map(token -> token.get("id").getAsInt())
                .collect(Collectors.toSet());
    }

    /** Whether a token is special; of a file that marks none, each may be. */
    public boolean isSpecial(int id) {
        return special.isEmpty() || special.contains(id);
    }

    /** The post-processor that puts a token before each text. */
    public static JsonObject startingWith(int id, String token) {
        JsonArray pair = new JsonArray();
        JsonArray single = new JsonArray();
        single.add(Json.parse("{'SpecialToken': {'id': %s, 'type_id': 0}}".formatted(new JsonPrimitive(token))));
        single.add(Json.parse("{'Sequence': {'id': 'A', 'type_id': 0}}"));
        pair.addAll(single);
        pair.add(Json.parse("{'Sequence': {'id': 'B', 'type_id': 1}}"));
        JsonArray ids = new JsonArray();
        ids.add(id);
        JsonArray texts = new JsonArray();
        texts.add(token);
        JsonObject special = new JsonObject();
        special.addProperty("id", token);
        special.add("ids", ids);
        special.add("tokens", texts);
        JsonObject specials = new JsonObject();
        specials.add(token, special);
        JsonObject step = new JsonObject();
        step.addProperty("type", "TemplateProcessing");
        step.add("single", single);
        step.add("pair", pair);
        step.add("special_tokens", specials);
        return step;
    }

    private static JsonObject json(Added token) {
        JsonObject json = new JsonObject();
        json.addProperty("id", token.id());
        json.addProperty("content", token.content());
        json.addProperty("single_word", token.singleWord());
        json.addProperty("lstrip", token.lstrip());
        json.addProperty("rstrip", token.rstrip());
        json.addProperty("normalized", token.normalized());
        json.addProperty("special", token.special());
        return json;
    }

    /** BPE and WordPiece map tokens to ids; Unigram lists [token, score] in order of id. */
    private static Map<String, Integer> vocabulary(JsonElement vocab) {
        Map<String, Integer> ids = new HashMap<>();
        if (vocab instanceof JsonArray list) {
            list.forEach(entry -> ids.put(entry.getAsJsonArray().get(0).getAsString(), ids.size()));
        } else {
            vocab.getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().getAsInt()));
        }
        return ids;
    }

    private static String kind(JsonObject root, JsonObject model) {
        String type = model.get("type") instanceof JsonPrimitive name ? name.getAsString() : "BPE";
        if (!type.equals("BPE")) {
            return type;
        }
        boolean bytes = List.of("pre_tokenizer", "decoder").stream()
                .anyMatch(step -> String.valueOf(root.get(step)).contains("\"ByteLevel\""));
        boolean fallback = model.get("byte_fallback") instanceof JsonPrimitive flag && flag.getAsBoolean();
        return bytes ? "byte-level BPE" : fallback ? "BPE with byte fallback" : "BPE";
    }
}
