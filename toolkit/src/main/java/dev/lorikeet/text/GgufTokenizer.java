package dev.lorikeet.text;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.AssumedPreTokenizer;
import dev.lorikeet.text.format.GgufEosIds;
import dev.lorikeet.text.format.PreTokenizer;
import dev.lorikeet.text.format.SpecialIds;
import dev.lorikeet.text.format.TokenizerJson;
import dev.lorikeet.text.format.TokenizerJson.Added;
import dev.lorikeet.text.format.Vocabulary;
import dev.lorikeet.text.sentencepiece.SentencePieceModel;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.Algorithm;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.Piece;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.PieceType;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/** The tokenizer in a GGUF file's metadata, keys {@code tokenizer.ggml.*}. */
final class GgufTokenizer {

    private static final String KEY = "tokenizer.ggml.";

    /** Values of {@code token_type}. */
    private static final int NORMAL = 1;

    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    /** The special tokens of Phi-3 that keep the white space after them. */
    private static final Set<String> PHI3_KEEPING_SPACES = Set.of("<unk>", "<s>", "<|endoftext|>");

    private final Map<String, Object> metadata;
    private final Path file;

    GgufTokenizer(Map<String, Object> metadata, Path file) {
        this.metadata = metadata;
        this.file = file;
    }

    boolean isSentencePiece() {
        return "llama".equals(metadata.get(KEY + "model"));
    }

    /** A byte-level vocabulary in the form of a tokenizer.json. */
    TokenizerJson read() {
        Object model = metadata.get(KEY + "model");
        if (!"gpt2".equals(model)) {
            throw new BadFileException(
                    file,
                    model == null
                            ? "holds no tokenizer (no " + KEY + "model)"
                            : "its tokenizer is \"" + model
                                    + "\"; byte-level BPE (\"gpt2\") and SentencePiece BPE (\"llama\") can be read");
        }
        Vocabulary vocabulary = vocabulary();
        return TokenizerJson.byteLevel(
                vocabulary.ids(), strings("merges"), added(vocabulary), preTokenizer(vocabulary), file);
    }

    private Vocabulary vocabulary() {
        List<String> tokens = strings("tokens");
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            Integer other = ids.put(tokens.get(id), id);
            if (other != null) {
                throw new BadFileException(
                        file, "tokens " + other + " and " + id + " are both \"" + tokens.get(id) + "\"");
            }
        }
        return Vocabulary.of(ids, file);
    }

    /** A SentencePiece vocabulary, which merges by score. */
    SentencePieceModel sentencePiece() {
        List<String> tokens = strings("tokens");
        List<Number> scores = typed("scores", Number.class);
        List<Number> types = typed("token_type", Number.class);
        if (scores.size() != tokens.size() || types.size() != tokens.size()) {
            throw new BadFileException(
                    file,
                    "%d scores and %d token types for %d tokens".formatted(scores.size(), types.size(), tokens.size()));
        }
        List<Piece> pieces = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            try {
                PieceType kind = kind(types.get(id), tokens.get(id));
                pieces.add(new Piece(tokens.get(id), scores.get(id).floatValue(), kind));
            } catch (IllegalArgumentException e) {
                throw new BadFileException(file, "token " + id + ": " + e.getMessage(), e);
            }
        }
        return new SentencePieceModel(
                pieces,
                Algorithm.BPE,
                flag("add_space_prefix", true),
                flag("remove_extra_whitespaces", false),
                specialIds(tokens.size()));
    }

    private static PieceType kind(Number type, String token) {
        PieceType kind = PieceType.of(type.longValue());
        return kind == PieceType.NORMAL && GgufEosIds.isSpecial(token) ? PieceType.CONTROL : kind;
    }

    /** The tokens after which Phi-3 drops white space; the file itself has no place for it, so its name tells. */
    boolean dropsSpacesAfter(String token) {
        String name = String.valueOf(metadata.get("general.name")).toLowerCase(Locale.ROOT);
        return (name.contains("phi-3") || name.contains("phi3")) && !PHI3_KEEPING_SPACES.contains(token);
    }

    /** The special tokens that llama.cpp puts around a text where the file does not say. */
    SpecialTokenPolicy usualPolicy() {
        return isSentencePiece()
                ? SpecialTokenPolicy.BOS
                : new SpecialTokenPolicy(preTokenizer(vocabulary()).addBos(), false);
    }

    /** @param otherwise what is added where the file does not say */
    SpecialTokenPolicy policy(SpecialTokenPolicy otherwise) {
        return new SpecialTokenPolicy(flag("add_bos_token", otherwise.bos()), flag("add_eos_token", otherwise.eos()));
    }

    private boolean flag(String key, boolean otherwise) {
        return metadata.get(KEY + key) instanceof Boolean flag ? flag : otherwise;
    }

    SpecialIds specialIds(int vocabularySize) {
        return new SpecialIds(
                id("bos_token_id", vocabularySize),
                id("eos_token_id", vocabularySize),
                id("padding_token_id", vocabularySize));
    }

    /** The ids with a role, and all at which generation ends. */
    SpecialIds special(Vocabulary vocabulary) {
        List<Number> types = metadata.containsKey(KEY + "token_type") ? typed("token_type", Number.class) : List.of();
        IntPredicate isControl = id -> types.isEmpty() || types.get(id).intValue() == CONTROL;
        return specialIds(vocabulary.size())
                .orUsual(vocabulary, isControl)
                .endingAlsoAt(GgufEosIds.of(vocabulary, isControl, key -> id(key, vocabulary.size())));
    }

    private PreTokenizer preTokenizer(Vocabulary vocabulary) {
        return namesPreTokenizer()
                ? PreTokenizer.named(String.valueOf(metadata.get(KEY + "pre")), file)
                : AssumedPreTokenizer.of(vocabulary).preTokenizer();
    }

    /** Old files have no name, and "default" names none. */
    private boolean namesPreTokenizer() {
        Object name = metadata.get(KEY + "pre");
        return name != null && !name.equals("default");
    }

    /** A line for the user where the pre-tokenizer was chosen by the vocabulary. */
    Optional<String> assumption() {
        if (isSentencePiece() || namesPreTokenizer()) {
            return Optional.empty();
        }
        AssumedPreTokenizer assumed = AssumedPreTokenizer.of(vocabulary());
        return Optional.of("%s does not name its pre-tokenizer (%spre is %s). Assuming \"%s\", as %s."
                .formatted(
                        file.getFileName(),
                        KEY,
                        metadata.containsKey(KEY + "pre") ? "\"default\"" : "missing",
                        assumed.preTokenizer().name(),
                        assumed.reason()));
    }

    private List<Added> added(Vocabulary vocabulary) {
        if (!metadata.containsKey(KEY + "token_type")) {
            return vocabulary.ids().entrySet().stream()
                    .filter(token -> GgufEosIds.isSpecial(token.getKey()))
                    .map(token -> Added.exactly(token.getValue(), token.getKey(), true))
                    .toList();
        }
        List<Number> types = typed("token_type", Number.class);
        if (types.size() != vocabulary.size()) {
            throw new BadFileException(file, types.size() + " token types for " + vocabulary.size() + " tokens");
        }
        List<Added> added = new ArrayList<>();
        for (int id = 0; id < types.size(); id++) {
            int type = types.get(id).intValue();
            String token = vocabulary.token(id);
            boolean control = type == CONTROL || type == NORMAL && GgufEosIds.isSpecial(token);
            if (control || type == USER_DEFINED) {
                added.add(Added.exactly(id, token, control));
            }
        }
        return added;
    }

    private OptionalInt id(String key, int vocabularySize) {
        if (!(metadata.get(KEY + key) instanceof Number number)) {
            return OptionalInt.empty();
        }
        long id = number.longValue();
        if (id < 0 || id >= vocabularySize) {
            throw new BadFileException(file, KEY + key + " is " + id + "; expected 0 to " + (vocabularySize - 1));
        }
        return OptionalInt.of((int) id);
    }

    private List<String> strings(String key) {
        return typed(key, String.class);
    }

    private <T> List<T> typed(String key, Class<T> type) {
        List<?> list = list(key);
        for (Object value : list) {
            if (!type.isInstance(value)) {
                throw new BadFileException(
                        file, KEY + key + " holds " + value + "; expected a " + type.getSimpleName());
            }
        }
        return list.stream().map(type::cast).toList();
    }

    /** An array of the metadata, whichever way its reader keeps arrays. */
    private List<?> list(String key) {
        Object value = metadata.get(KEY + key);
        if (value instanceof List<?> list) {
            return list;
        }
        if (value == null || !value.getClass().isArray()) {
            throw new BadFileException(file, "has no array " + KEY + key);
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            list.add(Array.get(value, i));
        }
        return list;
    }
}
