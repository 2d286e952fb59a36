package dev.lorikeet.text.schema;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Checks a {@code tokenizer.json} against what the native tokenizers library takes for granted. */
public final class TokenizerSchema {

    private static final Consumer<Node> NOTHING = step -> {};

    private static final Consumer<Node> BYTE_LEVEL = Steps.flags("add_prefix_space", "trim_offsets", "use_regex");

    private static final Consumer<Node> METASPACE = Steps.characters("replacement", "str_rep")
            .andThen(Steps.texts("prepend_scheme"))
            .andThen(Steps.flags("add_prefix_space", "split"));

    private static final Consumer<Node> REPLACE = step -> {
        SafeExpression.check(step.field("pattern"));
        step.field("content").text();
    };

    private static final Steps NORMALIZERS = new Steps(
            "normalizers",
            Map.ofEntries(
                    Map.entry("NFC", NOTHING),
                    Map.entry("NFD", NOTHING),
                    Map.entry("NFKC", NOTHING),
                    Map.entry("NFKD", NOTHING),
                    Map.entry("Nmt", NOTHING),
                    Map.entry("Lowercase", NOTHING),
                    Map.entry("StripAccents", NOTHING),
                    Map.entry("ByteLevel", NOTHING),
                    Map.entry(
                            "BertNormalizer",
                            Steps.flags("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")),
                    Map.entry("Strip", Steps.flags("strip_left", "strip_right")),
                    Map.entry("Prepend", step -> step.field("prepend").text()),
                    Map.entry("Replace", REPLACE),
                    Map.entry("Precompiled", TokenizerSchema::precompiled)));

    private static final Steps PRE_TOKENIZERS = new Steps(
            "pretokenizers",
            Map.ofEntries(
                    Map.entry("BertPreTokenizer", NOTHING),
                    Map.entry("Whitespace", NOTHING),
                    Map.entry("WhitespaceSplit", NOTHING),
                    Map.entry("UnicodeScripts", NOTHING),
                    Map.entry("ByteLevel", BYTE_LEVEL),
                    Map.entry("Metaspace", METASPACE),
                    Map.entry("CharDelimiterSplit", step -> step.field("delimiter")
                            .character()),
                    Map.entry("Punctuation", Steps.texts("behavior")),
                    Map.entry("Digits", Steps.flags("individual_digits")),
                    Map.entry("Split", step -> {
                        SafeExpression.check(step.field("pattern"));
                        step.field("behavior").text();
                        step.field("invert").flag();
                    })));

    private static final Steps DECODERS = new Steps(
            "decoders",
            Map.ofEntries(
                    Map.entry("Fuse", NOTHING),
                    Map.entry("ByteFallback", NOTHING),
                    Map.entry("ByteLevel", BYTE_LEVEL),
                    Map.entry("Metaspace", METASPACE),
                    Map.entry("Replace", REPLACE),
                    Map.entry("BPEDecoder", Steps.texts("suffix")),
                    Map.entry("WordPiece", Steps.texts("prefix").andThen(Steps.flags("cleanup"))),
                    Map.entry(
                            "CTC",
                            Steps.texts("pad_token", "word_delimiter_token").andThen(Steps.flags("cleanup"))),
                    Map.entry("Strip", TokenizerSchema::strip)));

    private static final Steps POST_PROCESSORS = new Steps(
            "processors",
            Map.of(
                    "ByteLevel",
                    BYTE_LEVEL,
                    "BertProcessing",
                    TokenizerSchema::separators,
                    "RobertaProcessing",
                    Steps.flags("trim_offsets", "add_prefix_space").andThen(TokenizerSchema::separators),
                    "TemplateProcessing",
                    TokenizerSchema::template));

    private static final int DEEPEST = 64;

    private TokenizerSchema() {}

    /**
     * The JSON that is safe for the library: what the file says, without truncation and padding, which are the toolkit's own.
     *
     * @param root the content of the file
     * @throws BadFileException if a value is not what the library expects; it names the value and its place
     */
    public static String checked(JsonObject root, Path file) {
        Node whole = new Node(file, "", root);
        plain(whole, 0);
        NORMALIZERS.check(whole.field("normalizer"));
        PRE_TOKENIZERS.check(whole.field("pre_tokenizer"));
        POST_PROCESSORS.check(whole.field("post_processor"));
        DECODERS.check(whole.field("decoder"));
        TokenModel.check(whole.field("model"));
        Node added = whole.field("added_tokens");
        if (added.present()) {
            added.items().forEach(TokenizerSchema::addedToken);
        }
        JsonObject safe = new JsonObject();
        root.entrySet().stream()
                .filter(part ->
                        !part.getKey().equals("truncation") && !part.getKey().equals("padding"))
                .forEach(part -> safe.add(part.getKey(), part.getValue()));
        return safe.toString();
    }

    /** The library ends the process at a number that is out of range, or at the depth at which its own reader stops. */
    private static void plain(Node node, int depth) {
        if (depth > DEEPEST) {
            throw node.wrong("lies more than " + DEEPEST + " levels deep");
        }
        if (node.value() instanceof JsonObject) {
            node.fields().values().forEach(each -> plain(each, depth + 1));
        } else if (node.value() instanceof JsonArray) {
            node.items().forEach(each -> plain(each, depth + 1));
        } else if (node.value() instanceof JsonPrimitive primitive && primitive.isNumber()) {
            node.number();
        }
    }

    private static void addedToken(Node token) {
        token.field("content").text();
        token.field("id").whole(Integer.MAX_VALUE);
        Steps.flags("special", "single_word", "lstrip", "rstrip", "normalized").accept(token);
    }

    private static void precompiled(Node step) {
        Node map = step.field("precompiled_charsmap");
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(map.text());
        } catch (IllegalArgumentException e) {
            throw map.isNot("text in Base64");
        }
        CharacterMap.problem(bytes).ifPresent(problem -> {
            throw map.wrong("is damaged: " + problem);
        });
    }

    /** The library takes characters off an end without looking whether any are left; off the start alone it looks. */
    private static void strip(Node step) {
        step.field("content").character();
        step.field("start").whole(Integer.MAX_VALUE);
        if (step.field("stop").whole(Integer.MAX_VALUE) > 0) {
            throw step.field("stop").isNot("0, as characters cannot be stripped off the end of a token");
        }
    }

    private static void separators(Node step) {
        for (String name : List.of("sep", "cls")) {
            List<Node> pair = step.field(name).items();
            if (pair.size() != 2) {
                throw step.field(name).isNot("a token and its id");
            }
            pair.get(0).text();
            pair.get(1).whole(Integer.MAX_VALUE);
        }
    }

    private static void template(Node step) {
        Set<String> known = new HashSet<>();
        Node tokens = step.field("special_tokens");
        if (tokens.present()) {
            boolean list = tokens.value() instanceof JsonArray;
            for (Node token :
                    list ? tokens.items() : List.copyOf(tokens.fields().values())) {
                Node id = token.field("id");
                int ids = token.field("ids").items().size();
                token.field("ids").items().forEach(each -> each.whole(Integer.MAX_VALUE));
                token.field("tokens").items().forEach(Node::text);
                if (ids != token.field("tokens").items().size()) {
                    throw token.wrong("has not as many ids as tokens");
                }
                known.add(id.text());
            }
            if (!list && !known.equals(tokens.fields().keySet())) {
                throw tokens.wrong("names a token that its own entry calls otherwise");
            }
        }
        pieces(step.field("single"), known, Set.of("A"));
        pieces(step.field("pair"), known, Set.of("A", "B"));
    }

    private static void pieces(Node pieces, Set<String> known, Set<String> texts) {
        for (Node piece : pieces.items()) {
            Map<String, Node> fields = piece.fields();
            if (fields.size() != 1) {
                throw piece.isNot("SpecialToken or Sequence");
            }
            boolean special = fields.containsKey("SpecialToken");
            Node part = fields.values().iterator().next();
            part.field("type_id").whole(Integer.MAX_VALUE);
            Node id = part.field("id");
            if (special && !known.contains(id.text())) {
                throw id.isNot("one of the template's special tokens: " + known);
            }
            if (!special && !(fields.containsKey("Sequence") && texts.contains(id.text()))) {
                throw piece.isNot("SpecialToken, or Sequence with one of " + texts);
            }
        }
    }
}
