package dev.lorikeet.text;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.SentencePieceModel.Algorithm;
import dev.lorikeet.text.SentencePieceModel.Kind;
import dev.lorikeet.text.SentencePieceModel.Piece;
import dev.lorikeet.text.TokenizerJson.Added;
import dev.lorikeet.text.TokenizerJson.Split;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/** The tokenizer in a GGUF file's metadata, keys {@code tokenizer.ggml.*}. */
final class GgufTokenizer {

    private static final String KEY = "tokenizer.ggml.";

    /** Kinds of token in {@code token_type}. */
    private static final int CONTROL = 3;

    private static final int USER_DEFINED = 4;

    /** A file without {@code pre} is older than the key; its byte-level vocabularies are cut as GPT-2's. */
    private static final Map<String, Split> SPLITS =
            Map.of("gpt-2", Split.GPT2, "default", Split.GPT2, "smollm", Split.SINGLE_DIGITS);

    private final Map<String, Object> metadata;
    private final Path file;

    GgufTokenizer(Map<String, Object> metadata, Path file) {
        this.metadata = metadata;
        this.file = file;
    }

    boolean isSentencePiece() {
        return "llama".equals(metadata.get(KEY + "model"));
    }

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
        List<String> tokens = strings("tokens");
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            Integer other = ids.put(tokens.get(id), id);
            if (other != null) {
                throw new BadFileException(
                        file, "tokens " + other + " and " + id + " are both \"" + tokens.get(id) + "\"");
            }
        }
        return TokenizerJson.byteLevel(ids, strings("merges"), added(tokens), split(), file);
    }

    /** Of a vocabulary "llama": merges by score, as SentencePiece does. */
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
                Kind kind = Kind.of(types.get(id).longValue());
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

    /** @param otherwise what is added where the file is silent */
    SpecialTokenPolicy addedEnds(SpecialTokenPolicy otherwise) {
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

    private Split split() {
        String name = String.valueOf(metadata.getOrDefault(KEY + "pre", "default"));
        Split split = SPLITS.get(name);
        if (split == null) {
            throw new BadFileException(
                    file,
                    "cuts words as \"%s\" (%spre), which is not known; known are: %s"
                            .formatted(name, KEY, String.join(", ", new TreeSet<>(SPLITS.keySet()))));
        }
        return split;
    }

    private List<Added> added(List<String> tokens) {
        if (!metadata.containsKey(KEY + "token_type")) {
            return List.of();
        }
        List<Number> types = typed("token_type", Number.class);
        if (types.size() != tokens.size()) {
            throw new BadFileException(file, types.size() + " token types for " + tokens.size() + " tokens");
        }
        List<Added> added = new ArrayList<>();
        for (int id = 0; id < types.size(); id++) {
            int type = types.get(id).intValue();
            if (type == CONTROL || type == USER_DEFINED) {
                added.add(new Added(id, tokens.get(id), type == CONTROL));
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
