package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lorikeet.text.format.ByteLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All tokens at which generation ends, from a folder's files and from GGUF keys. */
class EosIdsTest {

    @TempDir
    Path folder;

    /** All bytes, then the tokens; the ids of the tokens start at 256. */
    private static Map<String, Object> gguf(int type, String... tokens) {
        List<String> all = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            all.add(ByteLevel.written(new byte[] {(byte) b}));
        }
        all.addAll(List.of(tokens));
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "gpt-2");
        metadata.put("tokenizer.ggml.tokens", all);
        metadata.put("tokenizer.ggml.merges", List.of());
        metadata.put(
                "tokenizer.ggml.token_type",
                IntStream.range(0, all.size()).map(id -> id < 256 ? 1 : type).toArray());
        return metadata;
    }

    private static Set<Integer> eosIds(Map<String, Object> metadata) {
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, Path.of("model.gguf"))) {
            return tokenizer.eosIds();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"eos_token_id\": [257, 258]} | {} | 256 257 258",
                "{\"eos_token_id\": 258} | {} | 256 258",
                "{} | {\"eos_token_id\": [256, 257]} | 256 257",
                "{\"eos_token_id\": [257]} | {\"eos_token_id\": 258} | 256 257 258",
                "{\"eos_token_id\": [257, 999, -1]} | {\"eos_token_id\": null} | 256 257",
            })
    void aFoldersFilesNameThem(String generation, String config, String expected) throws IOException {
        Map<String, Object> metadata = gguf(3, "<end>", "<turn>", "<message>");
        Files.writeString(
                folder.resolve("tokenizer.json"),
                new GgufTokenizer(metadata, folder).read().json());
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<end>\"}");
        Files.writeString(folder.resolve("generation_config.json"), generation);
        Files.writeString(folder.resolve("config.json"), config);
        Set<Integer> ids;
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            ids = tokenizer.eosIds();
            assertEquals(OptionalInt.of(256), tokenizer.eos(), "the one that is written");
        }
        assertEquals(Set.copyOf(numbers(expected)), ids);
        Map<String, Object> written = TokenizerFiles.toGguf(folder, 259);
        assertEquals(ids, eosIds(written), "a GGUF file has room for three");
    }

    private static List<Integer> numbers(String text) {
        return List.of(text.split(" ")).stream().map(Integer::parseInt).toList();
    }

    @Test
    void ggufKeysNameThem() {
        Map<String, Object> metadata = gguf(3, "<end>", "<turn>", "<message>", "<pad>");
        metadata.put("tokenizer.ggml.eos_token_id", 256L);
        assertEquals(Set.of(256), eosIds(metadata));
        metadata.put("tokenizer.ggml.eot_token_id", 257L);
        metadata.put("tokenizer.ggml.eom_token_id", 258L);
        assertEquals(Set.of(256, 257, 258), eosIds(metadata));
    }

    /** Spellings that llama.cpp knows; those that may be HTML or words count for control tokens alone. */
    @Test
    void spellingsNameThem() {
        assertEquals(Set.of(256, 257, 258), eosIds(gguf(3, "<|im_end|>", "<end_of_turn>", "</s>", "<|im_start|>")));
        assertEquals(Set.of(256, 257), eosIds(gguf(1, "<|im_end|>", "<end_of_turn>", "</s>", "<|im_start|>")));
        assertEquals(
                Set.of(256, 257), eosIds(gguf(3, "<|return|>", "<|call|>", "<|end|>")), "gpt-oss's messages go on");
        assertEquals(Set.of(256), eosIds(gguf(3, "<|end|>", "<|user|>")));
    }

    @Test
    void aSpellingIsATokenInTheTextThoughTheFileCallsItNormal() {
        Map<String, Object> metadata = gguf(1, "<|im_end|>");
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, Path.of("model.gguf"))) {
            assertEquals(256, tokenizer.encode("<|im_end|>")[0]);
        }
    }

    @Test
    void aVocabularyWithoutEndTokensHasNone() {
        assertEquals(Set.of(), eosIds(gguf(1, "word")));
    }
}
