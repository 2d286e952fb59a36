package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.text.format.ByteLevel;
import dev.lorikeet.text.format.TokenizerJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers made from small vocabularies written here, and the one inside the jar. */
class TokenizersTest {

    @TempDir
    Path folder;

    private static final String END = "<|endoftext|>";

    /** All bytes, two merges, an end token: ids 0 to 255 are the bytes in the order of the written alphabet. */
    private static Map<String, Object> metadata() {
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(ByteLevel.written(new byte[] {(byte) b}));
        }
        tokens.addAll(List.of("he", "Ġhe", "11", END));
        int[] types =
                IntStream.range(0, tokens.size()).map(id -> id == 259 ? 3 : 1).toArray();
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "smollm");
        metadata.put("tokenizer.ggml.tokens", tokens.toArray(String[]::new));
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.merges", List.of("h e", "Ġ he", "1 1"));
        metadata.put("tokenizer.ggml.eos_token_id", 259L);
        return metadata;
    }

    private Tokenizer gguf(Map<String, Object> metadata) {
        return Tokenizers.fromGguf(metadata, Path.of("model.gguf"));
    }

    private String ggufError(String key, Object value) {
        Map<String, Object> metadata = metadata();
        metadata.put("tokenizer.ggml." + key, value);
        return assertThrows(BadFileException.class, () -> gguf(metadata)).getMessage();
    }

    private Path vocabulary(String name, String merges, String mergeLines) throws IOException {
        JsonObject json = new JsonObject();
        String[] tokens = (String[]) metadata().get("tokenizer.ggml.tokens");
        for (int id = 0; id < tokens.length; id++) {
            json.addProperty(tokens[id], id);
        }
        Files.writeString(folder.resolve(merges), mergeLines);
        return Files.writeString(folder.resolve(name), json.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "plain",
                "line\r\nline\n\n\ttab  two",
                "emoji 👩‍👩‍👧 🎉",
                "nul \0 in\0side",
                "e\u0301 and \u0301alone",
                "\uFEFFbom \uFFFD",
                "a<|endoftext|>b",
                "日本語 עברית हिन्दी",
                "it's 1234 isn't"
            })
    void textComesBackWhole(String text) {
        try (Tokenizer library = gguf(metadata());
                Tokenizer inJar = Tokenizers.gpt2()) {
            assertEquals(text, library.decode(library.encode(text)));
            assertEquals(text, inJar.decode(inJar.encode(text)));
        }
    }

    @Test
    void halfASurrogatePairIsAReplacementCharacter() {
        try (Tokenizer library = gguf(metadata());
                Tokenizer inJar = Tokenizers.gpt2()) {
            assertEquals("a\uFFFDb", library.decode(library.encode("a\uD83Db")));
            assertEquals("a\uFFFD", inJar.decode(inJar.encode("a\uDE00")));
        }
    }

    @Test
    void specialTokensInTheTextAreRecognisedAndNoneIsAdded() {
        try (Tokenizer library = gguf(metadata());
                Tokenizer inJar = Tokenizers.gpt2()) {
            assertArrayEquals(new int[] {257, 259, 256}, library.encode(" he<|endoftext|>he"));
            assertArrayEquals(new int[] {50256}, inJar.encode(END));
            assertEquals(0, library.encode("").length);
        }
    }

    @Test
    void longTextIsNotTruncated() {
        try (Tokenizer library = gguf(metadata())) {
            assertEquals(3000, library.encode("x".repeat(3000)).length);
        }
    }

    @Test
    void digitsStandAloneOnlyWhereTheFileSaysSo() {
        Map<String, Object> metadata = metadata();
        try (Tokenizer single = gguf(metadata)) {
            assertArrayEquals(new int[] {'1', '1'}, single.encode("11"));
        }
        metadata.put("tokenizer.ggml.pre", "gpt-2");
        try (Tokenizer joined = gguf(metadata)) {
            assertArrayEquals(new int[] {258}, joined.encode("11"));
        }
    }

    @Test
    void metadataThatCannotBeReadIsNamed() {
        assertTrue(ggufError("model", "bert").contains("\"bert\""));
        assertTrue(ggufError("model", null).contains("no tokenizer"));
        String unknown = ggufError("pre", "qwen22");
        assertTrue(unknown.contains("\"qwen22\"") && unknown.contains("gpt-2") && unknown.contains("smollm"), unknown);
        assertTrue(ggufError("merges", null).contains("tokenizer.ggml.merges"));
        assertTrue(ggufError("eos_token_id", 260).contains("260"));
        assertTrue(ggufError("token_type", new int[3]).contains("3 token types for 260 tokens"));
        assertTrue(ggufError("merges", List.of("q q")).startsWith("model.gguf"));
        assertTrue(ggufError("tokens", List.of(1, 2)).contains("tokenizer.ggml.tokens holds 1"));
        String[] twice = ((String[]) metadata().get("tokenizer.ggml.tokens")).clone();
        twice[0] = "he";
        assertTrue(ggufError("tokens", twice).contains("tokens 0 and 256 are both \"he\""));
    }

    @Test
    void aPairOfFilesIsReadUnderBothNames() throws IOException {
        vocabulary("vocab.json", "merges.txt", "#version: 0.2\nh e\nĠ he\n");
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            assertArrayEquals(new int[] {257, 259, '1', '1'}, tokenizer.encode(" he<|endoftext|>11"));
            assertEquals(OptionalInt.of(259), tokenizer.eos());
            assertEquals("byte-level BPE, 260 tokens", tokenizer.toString());
        }
        Path vocabulary = vocabulary("mine-encoder.json", "mine-vocab.bpe", "h e\n");
        try (Tokenizer tokenizer = Tokenizers.fromFile(vocabulary)) {
            assertArrayEquals(new int[] {' ', 256}, tokenizer.encode(" he"));
        }
    }

    @Test
    void damagedPairsOfFilesAreNamed() throws IOException {
        Path vocabulary = vocabulary("vocab.json", "merges.txt", "h e\nbroken\n");
        String message = assertThrows(BadFileException.class, () -> Tokenizers.fromFile(vocabulary))
                .getMessage();
        assertTrue(message.contains("merges.txt") && message.contains("line 2"), message);
        Files.delete(folder.resolve("merges.txt"));
        assertTrue(assertThrows(BadFileException.class, () -> Tokenizers.fromFolder(folder))
                .getMessage()
                .contains("merges.txt"));
        Files.writeString(vocabulary, "{\"a\": -1}");
        Files.writeString(folder.resolve("merges.txt"), "");
        assertTrue(assertThrows(BadFileException.class, () -> Tokenizers.fromFolder(folder))
                .getMessage()
                .contains("-1"));
    }

    @Test
    void aFolderWithoutATokenizerSaysWhatIsThere() throws IOException {
        String empty = assertThrows(BadFileException.class, () -> Tokenizers.fromFolder(folder))
                .getMessage();
        assertTrue(empty.contains("tokenizer.json, vocab.json"), empty);
        Files.writeString(folder.resolve("tokenizer.model"), "x");
        assertTrue(assertThrows(BadFileException.class, () -> Tokenizers.fromFolder(folder))
                .getMessage()
                .contains("SentencePiece"));
        assertThrows(BadFileException.class, () -> Tokenizers.fromFolder(folder.resolve("nowhere")));
        assertThrows(BadFileException.class, () -> Tokenizers.fromFile(folder.resolve("tokenizer.json")));
        Path other = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"vocab\": 3}}");
        assertTrue(assertThrows(BadFileException.class, () -> Tokenizers.fromFile(other))
                .getMessage()
                .contains("tokenizer.json"));
    }

    @Test
    void configurationFilesNameTheSpecialTokens() throws IOException {
        vocabulary("vocab.json", "merges.txt", "h e\nĠ he\n");
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": [7, 8], \"bos_token_id\": 5}");
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            assertEquals(OptionalInt.of(5), tokenizer.bos());
            assertEquals(OptionalInt.of(7), tokenizer.eos());
            assertEquals(OptionalInt.of(7), tokenizer.pad(), "padding falls back to the end");
        }
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"eos_token\": {\"content\": \"he\"}, \"pad_token\": \"<|endoftext|>\", \"bos_token\": null}");
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            assertEquals(OptionalInt.of(5), tokenizer.bos());
            assertEquals(OptionalInt.of(256), tokenizer.eos());
            assertEquals(OptionalInt.of(259), tokenizer.pad());
        }
    }

    @Test
    void theVocabularyInTheJarIsGpt2s() {
        try (Tokenizer tokenizer = Tokenizers.gpt2()) {
            assertEquals(50257, tokenizer.vocabularySize());
            assertEquals("byte-level BPE, 50,257 tokens", tokenizer.toString());
            assertEquals(OptionalInt.of(50256), tokenizer.id(END));
            assertEquals(OptionalInt.of(262), tokenizer.id("Ġthe"));
            assertEquals("Ġthe", tokenizer.token(262));
            assertEquals(OptionalInt.of(50256), tokenizer.pad());
            // Appendix E's prompt, as every GPT-2 tokenizer cuts it.
            assertArrayEquals(new int[] {6109, 3626, 6100, 345}, tokenizer.encode("Every effort moves you"));
        }
    }

    @Test
    void vocabulariesAgreeTokenForToken() {
        try (Tokenizer inJar = Tokenizers.gpt2();
                Tokenizer file = Tokenizers.fromFile(TokenIdsTest.tokenizer("gpt2-tokenizer.json"))) {
            for (int id = 0; id < 50257; id++) {
                assertEquals(file.token(id), inJar.token(id));
                assertEquals(OptionalInt.of(id), inJar.id(file.token(id)));
            }
        }
    }

    @Test
    void theDefaultModelNamesItsSpecialTokens() {
        try (Tokenizer tokenizer = TokenIdsTest.smollm2FromGguf()) {
            assertEquals(OptionalInt.of(1), tokenizer.bos());
            assertEquals(OptionalInt.of(2), tokenizer.eos());
            assertEquals(OptionalInt.of(2), tokenizer.pad());
            assertEquals("byte-level BPE, 49,152 tokens", tokenizer.toString());
        }
    }

    @Test
    void idsOutsideTheVocabularyAreRefused() {
        try (Tokenizer tokenizer = Tokenizers.gpt2()) {
            assertTrue(assertThrows(BadArgumentException.class, () -> tokenizer.decode(5, 50257))
                    .getMessage()
                    .contains("50257"));
            assertThrows(BadArgumentException.class, () -> tokenizer.token(-1));
        }
    }

    @Test
    void aClosedTokenizerSaysSo() {
        for (Tokenizer tokenizer : List.of(gguf(metadata()), Tokenizers.gpt2())) {
            tokenizer.close();
            tokenizer.close();
            String message = assertThrows(LorikeetException.class, () -> tokenizer.encode("a"))
                    .getMessage();
            assertTrue(message.contains("closed"), message);
            assertThrows(LorikeetException.class, () -> tokenizer.decode(1));
        }
    }

    @Test
    void threadsShareATokenizerAndOneMayCloseIt() throws Exception {
        String text = "he said he, ".repeat(500);
        try (Tokenizer tokenizer = gguf(metadata())) {
            int[] expected = tokenizer.encode(text);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<?>> runs = IntStream.range(0, 40)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        if (i == 30) {
                            tokenizer.close();
                        }
                        try {
                            assertArrayEquals(expected, tokenizer.encode(text));
                        } catch (LorikeetException e) {
                            assertTrue(e.getMessage().contains("closed"));
                        }
                    }))
                    .toList();
            threads.shutdown();
            for (Future<?> run : runs) {
                run.get();
            }
        }
    }

    @Test
    void aFileThatAsksForTruncationAndPaddingGetsNeither() throws IOException {
        TokenizerJson made = new GgufTokenizer(metadata(), folder).read();
        String json = made.json()
                .replaceFirst(
                        "\\{",
                        "{\"truncation\": {\"direction\": \"Right\", \"max_length\": 4, \"strategy\": \"LongestFirst\","
                                + " \"stride\": 0}, \"padding\": {\"strategy\": {\"Fixed\": 16}, \"direction\": \"Right\","
                                + " \"pad_to_multiple_of\": null, \"pad_id\": 259, \"pad_type_id\": 0,"
                                + " \"pad_token\": \"<|endoftext|>\"},");
        Path file = folder.resolve("tokenizer.json");
        Files.write(file, json.getBytes(StandardCharsets.UTF_8));
        try (Tokenizer tokenizer = Tokenizers.fromFile(file)) {
            assertEquals(10, tokenizer.encode("abcdefghij").length);
            assertEquals(1, tokenizer.encode("a").length);
        }
    }
}
