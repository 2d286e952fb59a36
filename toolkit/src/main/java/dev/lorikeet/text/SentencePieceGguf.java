package dev.lorikeet.text;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.AddedTokens;
import dev.lorikeet.text.format.ConfiguredIds;
import dev.lorikeet.text.format.TokenizerJson.Added;
import dev.lorikeet.text.format.Vocabulary;
import dev.lorikeet.text.sentencepiece.SentencePieceModel;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.PieceType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A SentencePiece vocabulary as the GGUF keys {@code tokenizer.*}, which hold pieces, scores and kinds as its file does. */
final class SentencePieceGguf {

    private static final String KEY = "tokenizer.ggml.";

    private SentencePieceGguf() {}

    /**
     * @param file a tokenizer.model among the files of its model
     * @param rows of the token table; ids without a piece are named {@code [PADn]}
     */
    static Map<String, Object> metadata(Path file, int rows) {
        SentencePieceModel model = SentencePieceModel.read(file);
        if (model.algorithm() != SentencePieceModel.Algorithm.BPE) {
            throw new BadFileException(
                    file, "is a unigram model; of SentencePiece models only those by BPE can be written as GGUF");
        }
        Path folder = file.toAbsolutePath().getParent();
        List<Added> added = AddedTokens.in(folder, SentencePieceTokenizer.ids(model, file), Map.of());
        Vocabulary vocabulary = SentencePieceTokenizer.vocabulary(model, added, file);
        if (vocabulary.size() > rows) {
            throw new BadFileException(
                    file, "has %d tokens, but the model's table only %d rows".formatted(vocabulary.size(), rows));
        }
        List<String> tokens = new ArrayList<>();
        float[] scores = new float[rows];
        int[] kinds = new int[rows];
        for (int id = 0; id < rows; id++) {
            boolean there = id < model.pieces().size();
            tokens.add(vocabulary.has(id) ? vocabulary.token(id) : "[PAD" + id + "]");
            scores[id] = there ? model.pieces().get(id).score() : 0;
            kinds[id] = number(there ? model.pieces().get(id).kind() : PieceType.UNUSED);
        }
        for (Added token : added) {
            if (kinds[token.id()] != number(PieceType.UNKNOWN)) {
                kinds[token.id()] = number(token.special() ? PieceType.CONTROL : PieceType.USER_DEFINED);
            }
        }
        writeSpaces(tokens, kinds);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put(KEY + "model", "llama");
        keys.put(KEY + "pre", "default");
        keys.put(KEY + "tokens", tokens);
        keys.put(KEY + "scores", scores);
        keys.put(KEY + "token_type", kinds);
        keys.put(KEY + "add_space_prefix", model.dummyPrefix());
        OptionalInt unknown = IntStream.range(0, model.pieces().size())
                .filter(id -> model.pieces().get(id).kind() == PieceType.UNKNOWN)
                .findFirst();
        GgufSpecialKeys.put(
                keys,
                ConfiguredIds.in(folder, vocabulary).or(model.special()),
                unknown,
                SpecialTokenPolicy.BOS.configured(folder),
                vocabulary,
                id -> kinds[id] == number(PieceType.CONTROL),
                folder);
        return keys;
    }

    private static int number(PieceType kind) {
        return kind.ordinal() + 1;
    }

    /** Writes the spaces of tokens that are found in the text as spaces: llama.cpp looks for them before it escapes the text. */
    static void writeSpaces(List<String> tokens, int[] kinds) {
        for (int id = 0; id < kinds.length; id++) {
            String plain = tokens.get(id).replace(SentencePieceModel.SPACE, ' ');
            if (kinds[id] == number(PieceType.USER_DEFINED) && !plain.equals(tokens.get(id))) {
                tokens.set(id, plain);
            }
        }
    }
}
