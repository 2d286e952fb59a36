package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.format.AssumedPreTokenizer;
import dev.lorikeet.text.format.JsonFiles;
import dev.lorikeet.text.format.PreTokenizer;
import dev.lorikeet.text.format.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pre-tokenizers by their names in GGUF, on a small vocabulary whose ids Python's tokenizers gave. */
class PreTokenizerTest {

    private static final JsonObject EXPECTED = JsonParser.parseString(
                    ChatTemplateTest.resource("tokenizers/pre-tokenizers.json"))
            .getAsJsonObject();

    private static final Path GGUF = Path.of("model.gguf");

    @TempDir
    Path folder;

    static Set<String> names() {
        return EXPECTED.getAsJsonObject("pre_tokenizers").keySet();
    }

    static int[] ids(JsonElement list) {
        return list.getAsJsonArray().asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    private static JsonObject expected(String name) {
        return EXPECTED.getAsJsonObject("pre_tokenizers").getAsJsonObject(name);
    }

    private static List<String> tokens() {
        JsonObject vocabulary = EXPECTED.getAsJsonObject("vocabulary");
        String[] tokens = new String[vocabulary.size()];
        vocabulary.entrySet().forEach(token -> tokens[token.getValue().getAsInt()] = token.getKey());
        return new ArrayList<>(List.of(tokens));
    }

    /** @param more control tokens at the end */
    private static Map<String, Object> metadata(String... more) {
        List<String> tokens = tokens();
        int[] types = new int[tokens.size() + more.length];
        Arrays.fill(types, 1);
        Arrays.fill(types, tokens.size() - 1, types.length, 3);
        tokens.addAll(List.of(more));
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put(
                "tokenizer.ggml.merges",
                EXPECTED.getAsJsonArray("merges").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList());
        return metadata;
    }

    private static void assertIds(String name, Tokenizer tokenizer) {
        JsonArray texts = EXPECTED.getAsJsonArray("texts");
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).getAsString();
            assertArrayEquals(
                    ids(expected(name).getAsJsonArray("ids").get(i)),
                    tokenizer.encode(text),
                    () -> name + ": \"" + text + "\"");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aGgufFilesIdsAreThoseOfPython(String name) {
        Map<String, Object> metadata = metadata();
        metadata.put("tokenizer.ggml.pre", name);
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, GGUF)) {
            assertIds(name, tokenizer);
        }
    }

    /** A tokenizer.json of each way is written under a name that reads as the same way. */
    @ParameterizedTest
    @MethodSource("names")
    void whatIsWrittenIsReadAgain(String name) throws IOException {
        writeFolder(name);
        Map<String, Object> written = TokenizerFiles.toGguf(folder, tokens().size());
        try (Tokenizer tokenizer = Tokenizers.fromGguf(written, GGUF)) {
            assertIds(name, tokenizer);
        }
    }

    private void writeFolder(String name) throws IOException {
        JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.add("vocab", EXPECTED.get("vocabulary"));
        model.add("merges", EXPECTED.get("merges"));
        model.add("ignore_merges", expected(name).get("ignore_merges"));
        JsonObject json = new JsonObject();
        json.add(
                "added_tokens",
                JsonParser.parseString("[{\"id\": %d, \"content\": \"<|endoftext|>\", \"special\": true}]"
                        .formatted(tokens().size() - 1)));
        json.add("normalizer", expected(name).get("normalizer"));
        json.add("pre_tokenizer", expected(name).get("pre_tokenizer"));
        json.add("decoder", JsonParser.parseString("{\"type\": \"ByteLevel\"}"));
        json.add("model", model);
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "llama-bpe, llama-bpe",
        "smaug-bpe, llama-bpe",
        "dbrx, dbrx",
        "qwen2, qwen2",
        "deepseek-r1-qwen, qwen2",
        "stablelm2, stablelm2",
        "refact, smollm",
        "command-r, command-r",
        "olmo, olmo",
        "tekken, tekken",
        "gpt-4o, gpt-4o"
    })
    void eachIsWrittenUnderItsFirstName(String from, String name) throws IOException {
        writeFolder(from);
        Path file = folder.resolve("tokenizer.json");
        assertEquals(name, PreTokenizer.in(JsonFiles.object(file), file).name());
    }

    /** The same steps as other files write them. */
    @Test
    void otherSpellingsOfTheSameStepsHaveTheSameName() {
        JsonObject llama3 =
                expected("llama-bpe").getAsJsonObject("pre_tokenizer").deepCopy();
        JsonObject split = llama3.getAsJsonArray("pretokenizers").get(0).getAsJsonObject();
        split.addProperty("behavior", "Removed");
        split.addProperty("invert", true);
        assertEquals("dbrx", name(llama3));
        split.addProperty("invert", false);
        assertTrue(refused(llama3).contains("known are those of"));
        String gpt2 =
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\\\p{L}+| ?\\\\p{N}+| ?[^\\\\s\\\\p{L}\\\\p{N}]+|\\\\s+(?!\\\\S)|\\\\s+";
        String step = "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"%s\"}, \"behavior\": \"Isolated\"}";
        String bytes = "{\"type\": \"ByteLevel\", \"use_regex\": false}";
        String sequence = "{\"type\": \"Sequence\", \"pretokenizers\": [%s, %s]}";
        assertEquals("gpt-2", name(JsonParser.parseString(sequence.formatted(step.formatted(gpt2), bytes))));
        String digits =
                sequence.formatted(step.formatted("\\\\p{N}"), "{\"type\": \"ByteLevel\", \"use_regex\": true}");
        assertEquals("smollm", name(JsonParser.parseString(digits)));
        String prefixed = "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"use_regex\": true}";
        assertTrue(refused(JsonParser.parseString(prefixed)).contains("add_prefix_space"));
    }

    private static String name(JsonElement preTokenizer) {
        JsonObject json = new JsonObject();
        json.add("pre_tokenizer", preTokenizer);
        return PreTokenizer.in(json, Path.of("tokenizer.json")).name();
    }

    private static String refused(JsonElement preTokenizer) {
        return assertThrows(BadFileException.class, () -> name(preTokenizer)).getMessage();
    }

    @Test
    void aNormalizerThatGgufCannotSayIsRefused() throws IOException {
        writeFolder("gpt-2");
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("\"pre_tokenizer\"", "\"normalizer\":{\"type\":\"Lowercase\"},\"pre_tokenizer\""));
        String message = assertThrows(BadFileException.class, () -> TokenizerFiles.toGguf(folder, 700))
                .getMessage();
        assertTrue(message.contains("Lowercase"), message);
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        Map<String, Object> metadata = metadata();
        metadata.put("tokenizer.ggml.pre", "lama-bpe");
        String message = assertThrows(BadFileException.class, () -> Tokenizers.fromGguf(metadata, GGUF))
                .getMessage();
        assertTrue(message.startsWith("model.gguf") && message.contains("\"lama-bpe\""), message);
        for (String name : List.of("default", "llama-bpe", "llama3", "qwen2", "tekken", "smaug-bpe", "deepseek-llm")) {
            assertTrue(message.contains(name), message);
        }
    }

    static Stream<String> everyName() {
        return PreTokenizer.known().stream();
    }

    /** The library takes the expressions of all of them, and no text is lost. */
    @ParameterizedTest
    @MethodSource("everyName")
    void everyNameCanBeRead(String name) {
        Map<String, Object> metadata = metadata();
        metadata.put("tokenizer.ggml.pre", name);
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, GGUF)) {
            for (JsonElement text : EXPECTED.getAsJsonArray("texts")) {
                String plain = Normalizer.normalize(text.getAsString(), Normalizer.Form.NFC);
                assertEquals(plain, tokenizer.decode(tokenizer.encode(plain)), name);
            }
        }
    }

    /** Published vocabularies, written as GGUF keys with and without the name, have the ids of Python's tokenizers. */
    @ParameterizedTest
    @CsvSource({"smollm2, smollm, 49152", "gpt2, gpt-2, 50257"})
    void publishedVocabulariesKeepTheirIds(String vocabulary, String name, int size) throws IOException {
        Map<String, Object> written = written(vocabulary, name, size);
        assertKeepsItsIds(vocabulary, written);
        written.remove("tokenizer.ggml.pre");
        assertKeepsItsIds(vocabulary, written);
    }

    /** Without the name these need no second tokenizer: that the vocabulary tells it is enough. */
    @ParameterizedTest
    @CsvSource({"qwen3, qwen2, 151669"})
    void largePublishedVocabulariesKeepTheirIds(String vocabulary, String name, int size) throws IOException {
        Map<String, Object> written = written(vocabulary, name, size);
        assertKeepsItsIds(vocabulary, written);
        written.remove("tokenizer.ggml.pre");
        String said = new GgufTokenizer(written, GGUF).assumption().orElseThrow();
        assertTrue(said.contains("\"" + name + "\""), said);
    }

    @ParameterizedTest
    @CsvSource({"gptoss, gpt-4o, 200019"})
    @Tag("heavy")
    void theLargestPublishedVocabularyKeepsItsIds(String vocabulary, String name, int size) throws IOException {
        publishedVocabulariesKeepTheirIds(vocabulary, name, size);
    }

    private Map<String, Object> written(String vocabulary, String name, int size) throws IOException {
        Files.copy(TokenIdsTest.tokenizer(vocabulary + "-tokenizer.json"), folder.resolve("tokenizer.json"));
        Map<String, Object> written = TokenizerFiles.toGguf(folder, size);
        assertEquals(name, written.get("tokenizer.ggml.pre"));
        return written;
    }

    private static void assertKeepsItsIds(String vocabulary, Map<String, Object> metadata) {
        JsonArray expected = JsonParser.parseString(ChatTemplateTest.resource("tokenizers/real.json"))
                .getAsJsonObject()
                .getAsJsonArray(vocabulary);
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, GGUF)) {
            for (int i = 0; i < expected.size(); i++) {
                String text = EXPECTED.getAsJsonArray("texts").get(i).getAsString();
                assertArrayEquals(ids(expected.get(i)), tokenizer.encode(text), text);
            }
        }
    }

    /** What deepseek-llm takes apart: line ends, cased letters, punctuation, spaces at the end, Chinese, each digit. */
    @Test
    void deepSeekLlmsLetters() {
        Map<String, Object> metadata = metadata();
        metadata.put("tokenizer.ggml.pre", "deepseek-llm");
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, GGUF)) {
            int[] whole = tokenizer.encode("the 鸚鵡 12\n\n\u1f7d\u212a");
            int[] parts = Stream.of("the", " ", "鸚鵡", " ", "1", "2", "\n", "\n", "\u1f7d\u212a")
                    .flatMapToInt(part -> Arrays.stream(tokenizer.encode(part)))
                    .toArray();
            assertArrayEquals(parts, whole);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<|begin_of_text|> <|end_of_text|>, llama-bpe, Llama 3",
        "<bird>, gpt-2, of no known family",
    })
    void withoutANameTheVocabularyTellsAndALineSaysSo(String more, String name, String reason) {
        Map<String, Object> metadata = metadata(more.split(" "));
        Map<String, Object> named = new HashMap<>(metadata);
        named.put("tokenizer.ggml.pre", name);
        String text = "told 12345 parrots, don't";
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        PrintStream before = System.out;
        int[] ids;
        System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, GGUF)) {
            ids = tokenizer.encode(text);
        } finally {
            System.setOut(before);
        }
        String said = lines.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("tokenizer.ggml.pre is missing") && said.contains("\"" + name + "\""), said);
        assertTrue(said.contains(reason), said);
        assertEquals(1, said.lines().count());
        try (Tokenizer tokenizer = Tokenizers.fromGguf(named, GGUF)) {
            assertArrayEquals(tokenizer.encode(text), ids);
        }
    }

    /** A vocabulary of a size and with some tokens. */
    private static String assumed(int size, String... tokens) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < size; id++) {
            ids.put(id < tokens.length ? tokens[id] : "t" + id, id);
        }
        return AssumedPreTokenizer.of(Vocabulary.of(ids, GGUF)).preTokenizer().name();
    }

    @Test
    void familiesAreKnownByTheirVocabularies() {
        assertEquals("llama-bpe", assumed(128_256, "<|begin_of_text|>", "<|end_of_text|>"));
        assertEquals("qwen2", assumed(151_936, "<|im_start|>", "<|endoftext|>"));
        assertEquals("smollm", assumed(49_152, "<|im_start|>", "<|endoftext|>"));
        assertEquals("tekken", assumed(131_072, "<s>", "[INST]"));
        assertEquals("gpt-2", assumed(50_257, "<|endoftext|>"));
        assertEquals("gpt-4o", assumed(200_064, "<|endoftext|>"));
    }

    @Test
    void llama3sTextsBeginWithItsStartTokenUnlessTheFileSaysNo() {
        Map<String, Object> metadata = metadata("<|begin_of_text|>");
        int start = tokens().size();
        metadata.put("tokenizer.ggml.bos_token_id", (long) start);
        metadata.put("tokenizer.ggml.pre", "llama-bpe");
        assertEquals(start, first(metadata));
        metadata.put("tokenizer.ggml.pre", "smaug-bpe");
        assertEquals('d' - '!', first(metadata));
        metadata.put("tokenizer.ggml.pre", "llama-bpe");
        metadata.put("tokenizer.ggml.add_bos_token", false);
        assertEquals('d' - '!', first(metadata));
    }

    private static int first(Map<String, Object> metadata) {
        try (Tokenizer tokenizer = Tokenizers.fromGguf(metadata, GGUF)) {
            return tokenizer.encode("d", true)[0];
        }
    }
}
