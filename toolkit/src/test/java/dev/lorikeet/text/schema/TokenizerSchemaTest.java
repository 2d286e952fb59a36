package dev.lorikeet.text.schema;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of file at which the native library ends the process is refused, and the files of real models are not. */
class TokenizerSchemaTest {

    private static final Path FILE = Path.of("tokenizer.json");

    private static JsonObject whole(String part, String value) {
        JsonObject root = Json.parse("{'version': '1.0', 'added_tokens': [],"
                        + "'model': {'type': 'BPE', 'vocab': {'t': 0, 'h': 1, 'th': 2}, 'merges': ['t h']}}")
                .getAsJsonObject();
        root.add(part, Json.parse(value));
        return root;
    }

    private static String refused(String part, String value) {
        return assertThrows(BadFileException.class, () -> TokenizerSchema.checked(whole(part, value), FILE))
                .getMessage();
    }

    private static void accepted(String part, String value) {
        assertDoesNotThrow(() -> TokenizerSchema.checked(whole(part, value), FILE), value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "normalizer~ {'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'}~"
                        + "tokenizer.json: normalizer.precompiled_charsmap is damaged: it has 3 bytes",
                "normalizer~ {'type': 'Precompiled', 'precompiled_charsmap': '!'}~"
                        + "tokenizer.json: normalizer.precompiled_charsmap is \"!\"; expected text in Base64",
                "normalizer~ {'type': 'Sequence', 'normalizers': [{'type': 'NFX'}]}~ tokenizer.json: normalizer.normalizers[0].type is"
                        + " \"NFX\"; expected Sequence, BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend,"
                        + " Replace, Strip, StripAccents",
                "decoder~ {'type': 'Strip', 'content': 'a', 'start': 0, 'stop': 1}~"
                        + "tokenizer.json: decoder.stop is 1; expected 0, as characters cannot be stripped off the end of a token",
                "decoder~ {'type': 'Metaspace', 'replacement': 'ab'}~"
                        + "tokenizer.json: decoder.replacement is \"ab\"; expected one character",
                "decoder~ {'type': 'WordPiece', 'prefix': 1e999}~"
                        + "tokenizer.json: decoder.prefix is 1e999; expected a finite number",
                "post_processor~ {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>', 'type_id': 0}}],"
                        + " 'pair': [], 'special_tokens': {}}~tokenizer.json: post_processor.single[0].SpecialToken.id is \"<s>\";"
                        + " expected one of the template's special tokens: []",
                "post_processor~ {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'B', 'type_id': 0}}], 'pair': []}~"
                        + "tokenizer.json: post_processor.single[0] is {\"Sequence\":{\"id\":\"B\",\"type_id\":0}};"
                        + " expected SpecialToken, or Sequence with one of [A]",
                "post_processor~ {'type': 'BertProcessing', 'sep': ['</s>', 4294967295], 'cls': ['<s>', 0]}~"
                        + "tokenizer.json: post_processor.sep[1] is 4294967295; expected a whole number from 0 to 2147483647",
                "model~ {'type': 'BPE', 'continuing_subword_prefix': '###', 'vocab': {'t': 0, 'h': 1, 'th': 2}, 'merges': ['t h']}~"
                        + "tokenizer.json: model.merges[0] continues a word with h; expected it to begin with ###",
                "model~ {'type': 'BPE', 'vocab': {'t': -1}, 'merges': []}~"
                        + "tokenizer.json: the id of token t is -1; expected a whole number from 0 to 2147483647",
                "model~ {'type': 'Unigram', 'unk_id': 2, 'vocab': [['a', 0.0]]}~"
                        + "tokenizer.json: model.unk_id is 2; expected the id of one of the 1 tokens",
                "model~ {'type': 'Unigram', 'unk_id': 0, 'vocab': [[]]}~"
                        + "tokenizer.json: model.vocab[0] is []; expected a token and its score",
                "added_tokens~ [{'id': 3, 'special': true}]~"
                        + "tokenizer.json: added_tokens[0].content is missing; expected a string"
            })
    void namesPlaceValueAndWhatWasExpected(String part, String value, String message) {
        assertEquals(message, refused(part, value));
    }

    @Test
    void aLongPieceOverflowsTheStackOfTheLibrary() {
        String model = "{'type': 'Unigram', 'unk_id': 0, 'vocab': [['?', 0], ['%s', -1]]}";
        accepted("model", model.formatted("a".repeat(512)));
        assertTrue(
                refused("model", model.formatted("a".repeat(513))).contains("model.vocab[1] has a token of 513 bytes"));
    }

    @Test
    void depthIsBounded() {
        assertTrue(refused("x", "[".repeat(100) + "]".repeat(100)).contains("more than 64 levels deep"));
        String steps = "{'type': 'Fuse'}";
        for (int i = 0; i < 9; i++) {
            steps = "{'type': 'Sequence', 'decoders': [" + steps + "]}";
        }
        assertTrue(refused("decoder", steps).contains("more than 8 sequences"));
    }

    @Test
    void whatTheLibrarySeesIsStrictJsonWithoutTruncation() {
        JsonObject root = whole("truncation", "{'max_length': 1, 'stride': 4}");
        root.addProperty("note", "a\u0001b");
        String safe = TokenizerSchema.checked(root, FILE);
        assertFalse(safe.contains("truncation") || safe.contains("\u0001"), safe);
        assertEquals("a\u0001b", Json.parse(safe).getAsJsonObject().get("note").getAsString());
    }

    /** One text, "\uFF21" to "A": a trie of the units that SentencePiece would compile. */
    @Test
    void aSoundCharacterMapPasses() {
        int[] units = new int[1024];
        byte[] key = "\uFF21".getBytes(StandardCharsets.UTF_8);
        int base = 256;
        units[0] = base << 10;
        for (int i = 0; i < key.length; i++) {
            int at = base ^ Byte.toUnsignedInt(key[i]);
            boolean last = i == key.length - 1;
            int next = last ? 768 : base ^ 256;
            units[at] = (at ^ next) << 10 | Byte.toUnsignedInt(key[i]) | (last ? 1 << 8 : 0);
            base = next;
        }
        units[768] = 1 << 31;
        assertDoesNotThrow(() -> TokenizerSchema.checked(charactersMap(units, "A\0"), FILE));
        units[768] = 1 << 31 | 7;
        BadFileException e =
                assertThrows(BadFileException.class, () -> TokenizerSchema.checked(charactersMap(units, "A\0"), FILE));
        assertTrue(e.getMessage().contains("byte 7 of the texts"), e.getMessage());
        units[0] = 4096 << 10;
        e = assertThrows(BadFileException.class, () -> TokenizerSchema.checked(charactersMap(units, "A\0"), FILE));
        assertTrue(e.getMessage().contains("of 1024"), e.getMessage());
    }

    private static JsonObject charactersMap(int[] units, String texts) {
        byte[] last = texts.getBytes(StandardCharsets.UTF_8);
        ByteBuffer map = ByteBuffer.allocate(4 + 4 * units.length + last.length).order(ByteOrder.LITTLE_ENDIAN);
        map.putInt(4 * units.length);
        map.asIntBuffer().put(units);
        map.position(4 + 4 * units.length).put(last);
        return whole(
                "normalizer",
                "{'type': 'Precompiled', 'precompiled_charsmap': '%s'}"
                        .formatted(Base64.getEncoder().encodeToString(map.array())));
    }

    private static String split(String expression) {
        return "{'type': 'Split', 'pattern': {'Regex': %s}, 'behavior': 'Isolated', 'invert': false}"
                .formatted(new JsonPrimitive(expression));
    }

    /** With the text that follows, the library tries each of these more than ten million times. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?:a|aa)+[xy]",
                "(a+)+[xy]",
                "(a*)*b",
                "(?:a?){40}a{40}",
                "(.+),(.+),(.+)x",
                "a*a*a*[xy]",
                "(a)\\1",
                "(?<w>a)\\k<w>",
                "(?(1)a|b)",
                "(?x)a # (",
                "a{1,1000}b{1,1000}c",
                "a**b",
                "(a",
                "a)",
                "[a",
                "\\",
                "a{99999999999}"
            })
    void expressionsThatMayTakeTooLongAreRefused(String expression) {
        String message = refused("pre_tokenizer", split(expression));
        assertTrue(message.startsWith("tokenizer.json: pre_tokenizer.pattern.Regex "), message);
        assertTrue(message.endsWith("expected a simpler expression than " + expression), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t)?|\\p{N}{1,3}",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "(?=(\\d{3})+(?!\\d))",
                "[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "[\\p{Han}]+|[^\\r\\n&&[^\\p{Han}]]",
                "a++b*+",
                "\\x{FFFF}|\\p{Han}",
                " {2,}",
                "[]a]"
            })
    void expressionsOfRealTokenizersPass(String expression) {
        accepted("pre_tokenizer", split(expression));
    }
}
