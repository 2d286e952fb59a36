package dev.lorikeet.text.schema;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The model in a tokenizer.json: its vocabulary and what it does with it. */
final class TokenModel {

    /** The library frees the tree of a Unigram vocabulary by recursion, a level for each byte of the longest token. */
    private static final int LONGEST_PIECE = 512;

    private static final int MOST_CHARACTERS = 1 << 20;

    private TokenModel() {}

    static void check(Node model) {
        Node type = model.field("type");
        String name = type.present() ? type.text() : untyped(model);
        switch (name) {
            case "BPE" -> bpe(model);
            case "WordPiece" -> wordPiece(model);
            case "WordLevel" -> wordLevel(model);
            case "Unigram" -> unigram(model);
            default -> throw type.isNot("BPE, Unigram, WordLevel, WordPiece");
        }
    }

    /** Old files have no type; the fields say which it is. */
    private static String untyped(Node model) {
        if (model.field("vocab").value() instanceof JsonArray) {
            return "Unigram";
        }
        return model.field("merges").present()
                ? "BPE"
                : model.field("continuing_subword_prefix").present() ? "WordPiece" : "WordLevel";
    }

    private static void bpe(Node model) {
        ids(model);
        Steps.texts("unk_token", "continuing_subword_prefix", "end_of_word_suffix")
                .accept(model);
        Steps.flags("fuse_unk", "byte_fallback", "ignore_merges").accept(model);
        Node dropout = model.field("dropout");
        if (dropout.present() && dropout.number() != 0) {
            throw dropout.isNot("null or 0, as a text would have other tokens each time");
        }
        Node prefix = model.field("continuing_subword_prefix");
        String continuing = prefix.present() ? prefix.text() : "";
        model.field("merges").items().forEach(merge -> merge(merge, continuing));
    }

    /** A merge is "left right", or a list of both; right is cut by the prefix, whatever it begins with. */
    private static void merge(Node merge, String prefix) {
        String right;
        if (merge.value() instanceof JsonArray) {
            List<Node> pair = merge.items();
            if (pair.size() != 2) {
                throw merge.isNot("two tokens");
            }
            pair.get(0).text();
            right = pair.get(1).text();
        } else {
            String text = merge.text();
            right = text.substring(text.indexOf(' ') + 1);
        }
        if (!right.startsWith(prefix)) {
            throw merge.wrong("continues a word with " + right + "; expected it to begin with " + prefix);
        }
    }

    private static void wordPiece(Node model) {
        ids(model);
        Steps.texts("unk_token", "continuing_subword_prefix").accept(model);
        Node most = model.field("max_input_chars_per_word");
        if (most.present()) {
            most.whole(MOST_CHARACTERS);
        }
    }

    private static void wordLevel(Node model) {
        ids(model);
        Steps.texts("unk_token").accept(model);
    }

    private static void ids(Node model) {
        Node vocabulary = model.field("vocab");
        for (Map.Entry<String, JsonElement> token : vocabulary.object().entrySet()) {
            new Node(model.file(), "the id of token " + token.getKey(), token.getValue()).whole(Integer.MAX_VALUE);
        }
    }

    private static void unigram(Node model) {
        List<Node> vocabulary = model.field("vocab").items();
        for (Node entry : vocabulary) {
            List<Node> pair = entry.items();
            if (pair.size() != 2) {
                throw entry.isNot("a token and its score");
            }
            int bytes = pair.get(0).text().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_PIECE) {
                throw entry.wrong("has a token of %,d bytes; expected at most %d".formatted(bytes, LONGEST_PIECE));
            }
            pair.get(1).number();
        }
        Steps.flags("byte_fallback").accept(model);
        Node unknown = model.field("unk_id");
        if (unknown.present() && unknown.whole(Integer.MAX_VALUE) >= vocabulary.size()) {
            throw unknown.isNot("the id of one of the " + vocabulary.size() + " tokens");
        }
    }
}
