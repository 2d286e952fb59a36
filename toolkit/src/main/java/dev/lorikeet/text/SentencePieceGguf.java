package dev.lorikeet.text;

import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

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
        int size = model.pieces().size();
        if (size > rows) {
            throw new BadFileException(file, "has %d tokens, but the model's table only %d rows".formatted(size, rows));
        }
        if (model.algorithm() != SentencePieceModel.Algorithm.BPE) {
            throw new BadFileException(
                    file, "cuts texts by unigrams; of SentencePiece models only those by BPE can be written as GGUF");
        }
        List<String> tokens = new ArrayList<>();
        float[] scores = new float[rows];
        int[] kinds = new int[rows];
        for (int id = 0; id < rows; id++) {
            boolean there = id < size;
            tokens.add(there ? model.pieces().get(id).text() : "[PAD" + id + "]");
            scores[id] = there ? model.pieces().get(id).score() : 0;
            SentencePieceModel.Kind kind = there ? model.pieces().get(id).kind() : SentencePieceModel.Kind.UNUSED;
            kinds[id] = kind.ordinal() + 1;
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put(KEY + "model", "llama");
        keys.put(KEY + "pre", "default");
        keys.put(KEY + "tokens", tokens);
        keys.put(KEY + "scores", scores);
        keys.put(KEY + "token_type", kinds);
        keys.put(KEY + "add_space_prefix", model.dummyPrefix());
        special(keys, model, file);
        return keys;
    }

    private static void special(Map<String, Object> keys, SentencePieceModel model, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        SpecialIds special = ConfiguredIds.in(folder, SentencePieceTokenizer.vocabulary(model, file))
                .or(model.special());
        put(keys, "bos_token_id", special.bos());
        put(keys, "eos_token_id", special.eos());
        put(keys, "padding_token_id", special.pad());
        for (int id = 0; id < model.pieces().size(); id++) {
            if (model.pieces().get(id).kind() == SentencePieceModel.Kind.UNKNOWN) {
                put(keys, "unknown_token_id", OptionalInt.of(id));
            }
        }
        SpecialTokenPolicy ends = SpecialTokenPolicy.BOS.configured(folder);
        keys.put(KEY + "add_bos_token", ends.bos());
        keys.put(KEY + "add_eos_token", ends.eos());
        Path settings = folder.resolve("tokenizer_config.json");
        JsonObject config = Files.exists(settings) ? JsonFiles.object(settings) : new JsonObject();
        String template = GgufVocabulary.chatTemplate(folder, config);
        if (template != null) {
            keys.put("tokenizer.chat_template", template);
        }
    }

    private static void put(Map<String, Object> keys, String key, OptionalInt id) {
        id.ifPresent(present -> keys.put(KEY + key, (long) present));
    }
}
