package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.sentencepiece.SentencePieceModel;
import dev.lorikeet.text.sentencepiece.SentencePieceModel.Piece;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SentencePiece vocabularies: four small ones, trained on posts of this project, and Llama-2's. */
class SentencePieceTest {

    @TempDir
    Path folder;

    static Path file(String name) {
        try {
            return Path.of(SentencePieceTest.class
                    .getResource("/dev/lorikeet/text/sentencepiece/" + name + ".model")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    static SentencePieceTokenizer model(String name) {
        return (SentencePieceTokenizer) Tokenizers.fromFile(file(name));
    }

    /** As a converter writes a vocabulary into a GGUF file. */
    static Map<String, Object> metadata(Path model) {
        List<Piece> pieces = SentencePieceModel.read(model).pieces();
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.tokens", pieces.stream().map(Piece::text).toArray(String[]::new));
        float[] scores = new float[pieces.size()];
        int[] types = new int[scores.length];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = pieces.get(id).score();
            types[id] = pieces.get(id).kind().ordinal() + 1;
        }
        metadata.put("tokenizer.ggml.scores", scores);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.bos_token_id", 1L);
        metadata.put("tokenizer.ggml.eos_token_id", 2L);
        return metadata;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpe-bytes", "bpe-unknown", "unigram", "unigram-bytes"})
    void idsAreThoseOfSentencePiece(String name) {
        JsonObject expected = JsonParser.parseString(ChatTemplateTest.resource("sentencepiece/expected.json"))
                .getAsJsonObject();
        try (SentencePieceTokenizer tokenizer = model(name)) {
            for (int i = 0; i < expected.getAsJsonArray("texts").size(); i++) {
                String text = expected.getAsJsonArray("texts").get(i).getAsString();
                int[] ids =
                        expected.getAsJsonObject("ids").getAsJsonArray(name).get(i).getAsJsonArray().asList().stream()
                                .mapToInt(id -> id.getAsInt())
                                .toArray();
                assertArrayEquals(ids, tokenizer.encodePlain(text), () -> name + ": \"" + text + "\"");
            }
        }
    }

    @Test
    void reservedTokensInTheTextAreRecognised() {
        try (Tokenizer llama2 = TokenIdsTest.llama2()) {
            int[] ids = llama2.encode("<s>[INST] Hi [/INST] Hello </s><s>[INST] a");
            // What Meta's own code and transformers ("legacy") make of it: after <s> text begins anew, with its space.
            assertArrayEquals(
                    new int[] {
                        1, 518, 25580, 29962, 6324, 518, 29914, 25580, 29962, 15043, 29871, 2, 1, 518, 25580, 29962, 263
                    },
                    ids);
            assertEquals("<s>[INST] Hi [/INST] Hello </s><s>[INST] a", llama2.decode(ids));
            assertEquals(0, llama2.encode("").length);
            assertEquals("SentencePiece BPE with byte fallback, 32,000 tokens", llama2.toString());
            assertEquals(OptionalInt.of(2), llama2.pad(), "padding falls back to the end");
        }
    }

    @Test
    void aFolderSaysHowTextsBeginAndEnd() throws IOException {
        Files.write(folder.resolve("tokenizer.model"), bytes("bpe-bytes"));
        Path config = folder.resolve("tokenizer_config.json");
        int[] plain = model("bpe-bytes").encode("the end");
        assertArrayEquals(concat(1, plain, -1), encoded("the end"));
        assertArrayEquals(concat(1, plain, -1), encoded("<s>the end"));
        Files.writeString(config, "{\"add_bos_token\": false, \"add_eos_token\": true}");
        assertArrayEquals(concat(-1, plain, 2), encoded("the end"));
        assertArrayEquals(concat(-1, plain, 2), encoded("the end</s>"));
        Files.writeString(config, "{\"legacy\": false, \"add_bos_token\": null}");
        int[] glued = encoded("<s>the end");
        assertEquals(1, glued[0]);
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            assertEquals("t", tokenizer.token(glued[1]).substring(0, 1), "no space after <s>");
            assertEquals("<s>the end", tokenizer.decode(glued));
        }
    }

    private int[] encoded(String text) {
        try (Tokenizer tokenizer = Tokenizers.fromFolder(folder)) {
            return tokenizer.encode(text, true);
        }
    }

    private static int[] concat(int before, int[] ids, int after) {
        return IntStream.concat(IntStream.concat(IntStream.of(before), Arrays.stream(ids)), IntStream.of(after))
                .filter(id -> id >= 0)
                .toArray();
    }

    @Test
    void ggufFilesSayTheSame() {
        Map<String, Object> metadata = metadata(file("bpe-bytes"));
        try (Tokenizer file = model("bpe-bytes");
                Tokenizer gguf = Tokenizers.fromGguf(metadata, Path.of("m.gguf"))) {
            String text = "Über façade 日本 🦜 ok </s> a  b";
            assertArrayEquals(file.encode(text, true), gguf.encode(text, true));
        }
        metadata.put("tokenizer.ggml.add_bos_token", false);
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        try (Tokenizer gguf = Tokenizers.fromGguf(metadata, Path.of("m.gguf"))) {
            assertEquals("t", gguf.token(gguf.encode("the", true)[0]).substring(0, 1));
        }
        metadata.put("tokenizer.ggml.scores", new float[3]);
        assertTrue(assertThrows(BadFileException.class, () -> Tokenizers.fromGguf(metadata, Path.of("m.gguf")))
                .getMessage()
                .contains("3 scores"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a", "  two  spaces  ", "Über façade 日本 🦜🦜 ☃\n\nend", "x<s> y</s>z", "\uFFFD\0e\u0301"
            })
    void textComesBackWholeAndInPieces(String text) {
        for (String name : List.of("bpe-bytes", "unigram-bytes")) {
            try (Tokenizer tokenizer = model(name)) {
                int[] ids = tokenizer.encode(text);
                assertEquals(text, tokenizer.decode(ids));
                TokenStream stream = new TokenStream(tokenizer);
                StringBuilder pieces = new StringBuilder();
                Arrays.stream(ids).forEach(id -> pieces.append(stream.next(id)));
                assertEquals(text, pieces.append(stream.rest()).toString());
                Encoding encoding = tokenizer.encodeWithOffsets(text, false);
                assertArrayEquals(ids, encoding.ids());
                assertEquals(text.length(), ids.length == 0 ? 0 : encoding.ends()[ids.length - 1]);
            }
        }
    }

    @Test
    void thePiecesOfAnyIdsAreTheirText() {
        Random random = new Random(7);
        try (Tokenizer tokenizer = model("bpe-bytes")) {
            for (int run = 0; run < 50; run++) {
                int[] ids = random.ints(60, 0, tokenizer.vocabularySize()).toArray();
                TokenStream stream = new TokenStream(tokenizer);
                StringBuilder pieces = new StringBuilder();
                Arrays.stream(ids).forEach(id -> pieces.append(stream.next(id)));
                assertEquals(tokenizer.decode(ids), pieces.append(stream.rest()).toString());
            }
        }
    }

    @Test
    void aStreamAfterAPromptKeepsTheSpaceOfItsFirstWord() {
        try (Tokenizer tokenizer = model("bpe-bytes")) {
            int[] prompt = tokenizer.encode("the");
            int next = tokenizer.encode("the the")[prompt.length];
            assertEquals(" ", new TokenStream(tokenizer, prompt).next(next).substring(0, 1));
            assertEquals("the", tokenizer.decode(prompt));
        }
    }

    @Test
    void placesAreThoseOfTheCharacters() {
        try (Tokenizer tokenizer = model("bpe-bytes")) {
            Encoding encoding = tokenizer.encodeWithOffsets("🦜x</s>", false);
            int count = encoding.ids().length;
            assertEquals(7, encoding.ends()[count - 1]);
            assertEquals(3, encoding.ends()[count - 2]);
            assertEquals(2, encoding.ends()[count - 3]);
        }
        try (Tokenizer tokenizer = model("bpe-unknown")) {
            Encoding encoding = tokenizer.encodeWithOffsets("  a   b ☃☃", false);
            assertEquals(10, encoding.ends()[encoding.ends().length - 1]);
        }
    }

    /** Without a queue of merges a text of 32 times the length would take a thousand times as long. */
    @Test
    void aLongTextTakesNoLongerThanItsParts() {
        String part = "this happened to me ".repeat(1_500);
        String text = part.repeat(32);
        try (Tokenizer tokenizer = model("bpe-bytes")) {
            long parts = System.nanoTime();
            for (int i = 0; i < 32; i++) {
                tokenizer.encode(part);
            }
            long whole = System.nanoTime();
            int[] ids = tokenizer.encode(text);
            double ratio = (System.nanoTime() - whole) / (double) (whole - parts);
            assertTrue(ratio < 10, "the whole took " + ratio + " times as long as its parts");
            assertEquals(text, tokenizer.decode(ids));
        }
    }

    @Test
    void damagedModelsAreNamed() throws IOException {
        byte[] whole = bytes("bpe-bytes");
        Path file = folder.resolve("cut.model");
        Random random = new Random(3);
        for (int run = 0; run < 200; run++) {
            byte[] damaged = Arrays.copyOf(whole, run < 100 ? random.nextInt(whole.length) : whole.length);
            for (int i = 0; run >= 100 && i < 20; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try (Tokenizer tokenizer = Tokenizers.fromFile(file)) {
                tokenizer.encode("the end 🦜");
            } catch (BadFileException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            }
        }
        Files.write(file, new byte[0]);
        assertTrue(error(file).contains("no pieces"));
        assertTrue(error(folder.resolve("missing.model")).contains("no such file"));
    }

    @Test
    void modelsThatChangeCharactersAreRefused() throws IOException {
        byte[] whole = bytes("unigram");
        // Field 3, the normalizer: 3 bytes of it, field 2, the rules, with one byte.
        byte[] more = Arrays.copyOf(whole, whole.length + 5);
        System.arraycopy(new byte[] {0x1a, 3, 0x12, 1, 9}, 0, more, whole.length, 5);
        Path file = Files.write(folder.resolve("nmt.model"), more);
        assertTrue(error(file).contains("\"identity\""), error(file));
    }

    private static String error(Path file) {
        return assertThrows(BadFileException.class, () -> Tokenizers.fromFile(file))
                .getMessage();
    }
}
