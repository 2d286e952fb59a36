package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.JsonFiles;
import dev.lorikeet.text.format.PreTokenizer;
import dev.lorikeet.weights.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizers written for transformers and as GGUF keys. */
class TokenizerFilesTest {

    private static final String TEXT = "<|im_start|>user\nWer hat 1234 Wellensittiche? 鸚鵡 🦜<|im_end|>";

    @TempDir
    private Path folder;

    /** The published tokenizer.json makes the vocabulary that the published GGUF file has. */
    @Test
    void smolLm2sFilesAreItsGguf() throws IOException {
        Files.copy(TestData.data("tokenizers/smollm2-tokenizer.json"), folder.resolve("tokenizer.json"));
        try (Gguf published = Gguf.open(TestData.smollm2())) {
            Map<String, Object> theirs = published.metadata();
            Map<String, Object> ours = TokenizerFiles.toGguf(folder, 49152);
            for (String key : List.of("model", "pre", "tokens", "merges", "add_bos_token")) {
                assertEquals(theirs.get("tokenizer.ggml." + key), ours.get("tokenizer.ggml." + key), key);
            }
            assertArrayEquals(
                    (int[]) theirs.get("tokenizer.ggml.token_type"), (int[]) ours.get("tokenizer.ggml.token_type"));
        }
    }

    @Test
    void aSentencePieceFileBecomesGgufsKeys() throws IOException {
        Path file = folder.resolve("tokenizer.model");
        Files.copy(TestData.data("tokenizers/llama2-tokenizer.model"), file);
        Map<String, Object> keys = TokenizerFiles.toGguf(folder, 32_001);
        assertEquals(1L, keys.get("tokenizer.ggml.bos_token_id"));
        assertEquals(2L, keys.get("tokenizer.ggml.eos_token_id"));
        assertEquals(0L, keys.get("tokenizer.ggml.unknown_token_id"));
        assertEquals(true, keys.get("tokenizer.ggml.add_bos_token"));
        assertEquals("[PAD32000]", ((List<?>) keys.get("tokenizer.ggml.tokens")).get(32_000));
        String text = TEXT + " naïve 東京 \n\t{}";
        try (Tokenizer own = Tokenizers.fromFile(file);
                Tokenizer written = Tokenizers.fromGguf(keys, file)) {
            assertArrayEquals(own.encode(text), written.encode(text));
            assertArrayEquals(own.encode(text, true), written.encode(text, true));
        }
    }

    /** What the GGUF says is said again for transformers, template and roles included. */
    @Test
    void aGgufBecomesATokenizerJson() {
        Path gguf = TestData.smollm2();
        assertEquals(List.of("tokenizer.json", "tokenizer_config.json"), TokenizerFiles.write(gguf, folder, 2048));
        var config = TestData.json(folder.resolve("tokenizer_config.json"));
        assertEquals("<|im_start|>", config.get("bos_token").getAsString());
        assertEquals("<|im_end|>", config.get("eos_token").getAsString());
        assertEquals(2048, config.get("model_max_length").getAsInt());
        assertTrue(config.get("chat_template").getAsString().contains("<|im_start|>"));
        try (Tokenizer written = Tokenizers.fromFolder(folder);
                Tokenizer own = Tokenizers.fromFile(gguf)) {
            assertArrayEquals(own.encode(TEXT), written.encode(TEXT));
            assertEquals(own.bos(), written.bos());
            assertEquals(own.eos(), written.eos());
        }
        assertFalse(TestData.json(folder.resolve("tokenizer.json")).has("post_processor"), "it begins with no token");
    }

    @Test
    void rowsWithoutATokenAreFilledUp() throws IOException {
        bpe("\"a\": 0, \"b\": 1, \"ab\": 3, \"<e>\": 4", "[[\"a\", \"b\"]]", "false", byteLevel());
        Map<String, Object> keys = TokenizerFiles.toGguf(folder, 7);
        assertEquals(List.of("a", "b", "[PAD2]", "ab", "<e>", "[PAD5]", "[PAD6]"), keys.get("tokenizer.ggml.tokens"));
        assertArrayEquals(new int[] {1, 1, 5, 1, 3, 5, 5}, (int[]) keys.get("tokenizer.ggml.token_type"));
        assertEquals(List.of("a b"), keys.get("tokenizer.ggml.merges"));
        String message = assertThrows(BadFileException.class, () -> TokenizerFiles.toGguf(folder, 4))
                .getMessage();
        assertTrue(message.contains("5 tokens") && message.contains("only 4 rows"), message);
    }

    /** As the Llamas before the third have it: SentencePiece's scores are the merges' order. */
    @Test
    void byteFallbackBecomesSentencePiece() throws IOException {
        String vocabulary =
                "\"<unk>\": 0, \"<0x41>\": 1, \"▁a\": 2, \"▁ab\": 3, \"▁\": 5, \"a\": 6, \"b\": 7, \"<e>\": 4";
        bpe(vocabulary, "[\"▁ a\", \"▁a b\"]", "true", "\"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"▁\"}");
        Map<String, Object> keys = TokenizerFiles.toGguf(folder, 8);
        assertEquals("llama", keys.get("tokenizer.ggml.model"));
        assertEquals(true, keys.get("tokenizer.ggml.add_space_prefix"));
        assertArrayEquals(new int[] {2, 6, 1, 1, 3, 1, 1, 1}, (int[]) keys.get("tokenizer.ggml.token_type"));
        assertArrayEquals(new float[] {0, 0, 0, -1, 0, -2, -2, -2}, (float[]) keys.get("tokenizer.ggml.scores"));
        assertEquals(0L, keys.get("tokenizer.ggml.unknown_token_id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"ByteLevel\", \"use_regex\": true} | gpt-2",
                "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\", \"individual_digits\": true}, {\"type\": \"ByteLevel\"}]} | smollm",
                "{\"type\": \"ByteLevel\", \"use_regex\": false} | ",
                "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\", \"individual_digits\": false}, {\"type\": \"ByteLevel\"}]} | ",
                "{\"type\": \"Whitespace\"} | ",
            })
    void waysToCutWordsHaveNames(String step, String name) {
        Path file = Path.of("tokenizer.json");
        var json = JsonFiles.object("{\"pre_tokenizer\": " + step + "}", file);
        if (name != null) {
            assertEquals(name, PreTokenizer.in(json, file).name());
        } else {
            assertThrows(
                    BadFileException.class, () -> PreTokenizer.in(json, file).name());
        }
    }

    private static String byteLevel() {
        return "\"pre_tokenizer\": {\"type\": \"ByteLevel\"}, \"decoder\": {\"type\": \"ByteLevel\"}";
    }

    private void bpe(String vocabulary, String merges, String fallback, String steps) throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"added_tokens": [{"id": 4, "content": "<e>", "special": true}], %s, "model": {"type": "BPE",
                 "unk_token": "<unk>", "byte_fallback": %s, "vocab": {%s}, "merges": %s}}"""
                        .formatted(steps, fallback, vocabulary, merges));
    }
}
