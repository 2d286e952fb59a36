package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders without a tokenizer.json: vocab.json and merges.txt or tokenizer.model, and the files that add tokens to them. */
class SlowTokenizersTest {

    private static final JsonObject CASES = JsonParser.parseString(ChatTemplateTest.resource("tokenizers/slow.json"))
            .getAsJsonObject();

    private static final JsonObject WORDS = JsonParser.parseString(
                    ChatTemplateTest.resource("tokenizers/pre-tokenizers.json"))
            .getAsJsonObject();

    @TempDir
    Path folder;

    static Set<String> cases() {
        return CASES.keySet();
    }

    private void write(String file, JsonElement content) throws IOException {
        JsonObject vocabulary = WORDS.getAsJsonObject("vocabulary").deepCopy();
        vocabulary.remove("<|endoftext|>");
        switch (file) {
            case "vocab.json" -> Files.writeString(folder.resolve(file), vocabulary.toString());
            case "merges.txt" -> {
                StringBuilder lines = new StringBuilder("#version: 0.2\n");
                WORDS.getAsJsonArray("merges")
                        .forEach(pair -> lines.append(pair.getAsString()).append('\n'));
                Files.writeString(folder.resolve(file), lines);
            }
            case "tokenizer.model" -> Files.write(folder.resolve(file), SentencePieceTest.bytes("bpe-bytes"));
            default -> Files.writeString(folder.resolve(file), content.getAsString());
        }
    }

    private void writeAll(String name) throws IOException {
        for (Map.Entry<String, JsonElement> file :
                CASES.getAsJsonObject(name).getAsJsonObject("files").entrySet()) {
            write(file.getKey(), file.getValue());
        }
    }

    private static void assertIds(String name, Tokenizer tokenizer) {
        JsonObject expected = CASES.getAsJsonObject(name);
        for (int i = 0; i < expected.getAsJsonArray("texts").size(); i++) {
            String text = expected.getAsJsonArray("texts").get(i).getAsString();
            assertArrayEquals(
                    PreTokenizerTest.ids(expected.getAsJsonArray("ids").get(i)),
                    tokenizer.encode(text),
                    () -> name + ": \"" + text + "\"");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void idsAreThoseOfTransformersSlowTokenizers(String name) throws IOException {
        writeAll(name);
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            assertIds(name, tokenizer);
            assertEquals(OptionalInt.of(CASES.getAsJsonObject(name).get("eos").getAsInt()), tokenizer.eos());
            assertEquals(CASES.getAsJsonObject(name).get("size").getAsInt(), tokenizer.vocabularySize());
        }
    }

    /** Added tokens are in the GGUF file as well. */
    @Test
    void whatIsWrittenAsGgufIsReadAgain() throws IOException {
        for (String name : Set.of("qwen2-added", "llama-added")) {
            writeAll(name);
            Map<String, Object> keys = TokenizerFiles.toGguf(folder, 700);
            try (Tokenizer tokenizer = Tokenizers.fromGguf(keys, Path.of("model.gguf"))) {
                assertIds(name, tokenizer);
                assertTrue(tokenizer
                        .eosIds()
                        .contains(CASES.getAsJsonObject(name).get("eos").getAsInt()));
            }
            for (Path file : Files.list(folder).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void anAddedTokenMayNotHaveTwoIds() throws IOException {
        writeAll("qwen2-added");
        Files.writeString(folder.resolve("added_tokens.json"), "{\"a\": 700}");
        String message = assertThrows(BadFileException.class, () -> Tokenizers.fromFolder(folder))
                .getMessage();
        assertTrue(message.contains("\"a\" as token 700"), message);
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<new>\": \"last\"}");
        assertThrows(BadFileException.class, () -> Tokenizers.fromFolder(folder));
    }

    /** The model's type names the class where no settings do. */
    @Test
    void aQwenIsKnownByItsConfig() throws IOException {
        write("vocab.json", null);
        write("merges.txt", null);
        int[] gpt2 = encode("e\u0301 12");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"qwen3\"}");
        int[] qwen = encode("e\u0301 12");
        assertArrayEquals(encode("\u00e9 12"), qwen);
        assertFalse(Arrays.equals(gpt2, qwen), "GPT-2 does not compose the accent");
    }

    private int[] encode(String text) {
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            return tokenizer.encode(text);
        }
    }
}
