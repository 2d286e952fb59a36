package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.TestData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to a vocabulary gives the ids that the Python side gives, over whole data sets. */
class TokenIdsTest {

    /** By vocabulary and way, each made once for all data sets. */
    private static final Map<String, Tokenizer> MADE = new HashMap<>();

    private static final Map<String, List<String>> TEXTS = new HashMap<>();

    @AfterAll
    static void close() {
        MADE.values().forEach(Tokenizer::close);
        MADE.clear();
        TEXTS.clear();
    }

    static Stream<Arguments> everyWay() {
        return Stream.of(
                        way("gpt2", "tokenizer.json", () -> Tokenizers.fromFile(tokenizer("gpt2-tokenizer.json"))),
                        way(
                                "gpt2",
                                "encoder.json, vocab.bpe",
                                () -> Tokenizers.fromFile(tokenizer("gpt2-encoder.json"))),
                        way("gpt2", "jtokkit", Tokenizers::gpt2),
                        way(
                                "smollm2",
                                "tokenizer.json",
                                () -> Tokenizers.fromFile(tokenizer("smollm2-tokenizer.json"))),
                        way("smollm2", "GGUF metadata", TokenIdsTest::smollm2FromGguf),
                        way("llama2", "tokenizer.model", TokenIdsTest::llama2),
                        way("llama2", "GGUF metadata", TokenIdsTest::llama2FromGguf))
                .flatMap(way ->
                        Stream.of("sms", "guanaco", "tinyshakespeare").map(set -> Arguments.of(way[0], set, way[1])));
    }

    private static Object[] way(String vocabulary, String name, Supplier<Tokenizer> tokenizer) {
        Supplier<Tokenizer> once = () -> MADE.computeIfAbsent(vocabulary + name, absent -> tokenizer.get());
        return new Object[] {vocabulary, Named.of(name, once)};
    }

    @ParameterizedTest(name = "{0}/{1} from {2}")
    @MethodSource("everyWay")
    void idsAreThoseOfPython(String vocabulary, String set, Supplier<Tokenizer> source) throws Exception {
        JsonObject expected = TestData.json(TestData.fixture("token-ids.json"))
                .getAsJsonObject("sets")
                .getAsJsonObject(vocabulary + "/" + set);
        List<String> texts = texts(set);
        Tokenizer tokenizer = source.get();
        List<int[]> rows = texts.stream().map(text -> plain(tokenizer, text)).toList();

        assertEquals(expected.get("rows").getAsInt(), rows.size());
        assertEquals(
                expected.get("longest").getAsInt(),
                rows.stream().mapToInt(row -> row.length).max().orElseThrow());
        int[] first = expected.getAsJsonArray("first_row_ids").asList().stream()
                .mapToInt(id -> id.getAsInt())
                .toArray();
        assertArrayEquals(first, Arrays.copyOf(rows.get(0), first.length));
        for (int i = 0; i < expected.getAsJsonArray("first_rows").size(); i++) {
            assertEquals(expected.getAsJsonArray("first_rows").get(i).getAsString(), hash(rows.get(i)), "row " + i);
        }
        int[] all = rows.stream().flatMapToInt(Arrays::stream).toArray();
        assertEquals(expected.get("tokens").getAsInt(), all.length);
        assertEquals(expected.get("all").getAsString(), hash(all));

        for (int i = 0; i < texts.size(); i++) {
            assertEquals(texts.get(i), tokenizer.decode(rows.get(i)));
        }
    }

    /** The numbers are SentencePiece's own, to which a reserved token in the text is text. */
    private static int[] plain(Tokenizer tokenizer, String text) {
        return tokenizer instanceof SentencePieceTokenizer pieces ? pieces.encodePlain(text) : tokenizer.encode(text);
    }

    static Tokenizer llama2() {
        return Tokenizers.fromFile(tokenizer("llama2-tokenizer.model"));
    }

    /** As a converter would write the same vocabulary into a GGUF file. */
    static Tokenizer llama2FromGguf() {
        return Tokenizers.fromGguf(
                SentencePieceTest.metadata(tokenizer("llama2-tokenizer.model")), Path.of("llama.gguf"));
    }

    static Path tokenizer(String file) {
        return TestData.data("tokenizers/" + file);
    }

    static Tokenizer smollm2FromGguf() {
        return Tokenizers.fromFile(TestData.smollm2());
    }

    private static List<String> texts(String set) throws IOException {
        if (!TEXTS.containsKey(set)) {
            TEXTS.put(set, read(set));
        }
        return TEXTS.get(set);
    }

    private static List<String> read(String set) throws IOException {
        return switch (set) {
            case "sms" ->
                Files.readAllLines(TestData.data("SMSSpamCollection.tsv")).stream()
                        .map(line -> line.substring(line.indexOf('\t') + 1))
                        .toList();
            case "guanaco" ->
                Files.readAllLines(TestData.data("guanaco-llama2-1k.jsonl")).stream()
                        .map(line -> JsonParser.parseString(line)
                                .getAsJsonObject()
                                .get("text")
                                .getAsString())
                        .toList();
            default -> List.of(Files.readString(TestData.data(set + ".txt")));
        };
    }

    private static String hash(int[] ids) throws NoSuchAlgorithmException {
        String text = Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
