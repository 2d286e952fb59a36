package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vocabulary of the kind that Gemma has, as a tokenizer.json and in a GGUF file; the ids are those of Python's tokenizers. */
class ByteFallbackTest {

    private static final JsonObject EXPECTED = JsonParser.parseString(
                    ChatTemplateTest.resource("tokenizers/byte-fallback.json"))
            .getAsJsonObject();

    @TempDir
    Path folder;

    private static Map<String, Object> metadata() {
        JsonObject gguf = EXPECTED.getAsJsonObject("gguf");
        Gson gson = new Gson();
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.pre", "default");
        metadata.put("tokenizer.ggml.tokens", gson.fromJson(gguf.get("tokens"), String[].class));
        metadata.put("tokenizer.ggml.scores", gson.fromJson(gguf.get("scores"), float[].class));
        metadata.put("tokenizer.ggml.token_type", gson.fromJson(gguf.get("token_type"), int[].class));
        metadata.put("tokenizer.ggml.bos_token_id", 2L);
        metadata.put("tokenizer.ggml.eos_token_id", 1L);
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        return metadata;
    }

    private static void assertIds(Tokenizer tokenizer) {
        JsonArray texts = EXPECTED.getAsJsonArray("texts");
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).getAsString();
            int[] ids = tokenizer.encode(text);
            assertArrayEquals(
                    PreTokenizerTest.ids(EXPECTED.getAsJsonArray("ids").get(i)), ids, () -> "\"" + text + "\"");
            // Its decoder writes each escaped space as a space.
            assertEquals(text.replace('\u2581', ' '), tokenizer.decode(ids));
        }
    }

    @Test
    void theGgufsIdsAreThoseOfPython() {
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata(), Path.of("gemma.gguf"))) {
            assertIds(tokenizer);
            int[] ids = tokenizer.encode("the", true);
            assertEquals(2, ids[0]);
            assertEquals(Set.of(1, tokenizer.id("<end_of_turn>").getAsInt()), tokenizer.eosIds());
        }
    }

    @Test
    void aFolderSaysTheSameAndSoDoesItsGguf() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"), EXPECTED.get("tokenizer").toString());
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<bos>\", \"eos_token\": \"<eos>\", \"pad_token\": \"<pad>\", \"add_bos_token\": true}");
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            assertIds(tokenizer);
        }
        Map<String, Object> written = TokenizerFiles.toGguf(folder, 640);
        assertEquals(false, written.get("tokenizer.ggml.add_space_prefix"));
        List<?> tokens = (List<?>) written.get("tokenizer.ggml.tokens");
        assertEquals(List.of((String[]) metadata().get("tokenizer.ggml.tokens")), tokens);
        assertArrayEquals(
                (int[]) metadata().get("tokenizer.ggml.token_type"), (int[]) written.get("tokenizer.ggml.token_type"));
        try (Tokenizer tokenizer = Tokenizers.fromGguf(written, Path.of("gemma.gguf"))) {
            assertIds(tokenizer);
            assertEquals(OptionalInt.of(0), tokenizer.pad());
        }
    }

    /** Phi-3 drops the white space after its special tokens; the file's name for the model is all that tells. */
    @Test
    void phi3DropsSpacesAfterItsSpecialTokens() {
        Map<String, Object> metadata = metadata();
        String text = "<start_of_turn>\n the<bos> the";
        int[] plain;
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, Path.of("gemma.gguf"))) {
            plain = tokenizer.encode("<start_of_turn>the<bos>the");
        }
        metadata.put("general.name", "Phi-3 mini");
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, Path.of("phi.gguf"))) {
            assertArrayEquals(plain, tokenizer.encode(text));
        }
    }
}
