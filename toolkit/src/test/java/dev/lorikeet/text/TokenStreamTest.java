package dev.lorikeet.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenStreamTest {

    private final Tokenizer tokenizer = Tokenizers.gpt2();
    private final TokenStream stream = new TokenStream(tokenizer);

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private List<String> pieces(int... ids) {
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(stream.next(id));
        }
        pieces.add(stream.rest());
        return pieces;
    }

    @Test
    void aCharacterComesWithItsLastToken() {
        int[] ids = tokenizer.encode("a🦜b");
        assertEquals(5, ids.length, "the parrot takes three tokens");
        assertEquals(List.of("a", "", "", "🦜", "b", ""), pieces(ids));
    }

    @Test
    void whatIsIncompleteAtTheEndIsSaidAtTheEnd() {
        int[] ids = tokenizer.encode("a🦜");
        assertEquals(List.of("a", "", "", "\uFFFD"), pieces(ids[0], ids[1], ids[2]));
        assertEquals(List.of("b", ""), pieces(tokenizer.encode("b")));
    }

    @Test
    void anIdWithoutATokenHasNoTextAndDisturbsNone() {
        int[] ids = tokenizer.encode("a🦜");
        int none = tokenizer.vocabularySize();
        assertEquals(
                List.of("", "a", "", "", "", "🦜", "", ""), pieces(none, ids[0], ids[1], none + 7, ids[2], ids[3], -1));
        TokenStream after = new TokenStream(tokenizer, ids[0], none);
        assertEquals("a", after.next(ids[0]));
    }

    @Test
    void invalidBytesAreShownAsSoonAsTheyAreCertain() {
        int[] ids = tokenizer.encode("🦜");
        assertEquals(List.of("", "\uFFFDx", ""), pieces(ids[0], tokenizer.encode("x")[0]));
    }

    @Test
    void replacementCharactersInTheTextAreNotLost() {
        String text = "\uFFFD".repeat(200);
        assertEquals(text, String.join("", pieces(tokenizer.encode(text))));
    }

    @Test
    void thePiecesOfAnyIdsAreTheirText() {
        Random random = new Random(7);
        String alphabet = "ab 🦜é日\u0301\r\n👩‍👧";
        for (int run = 0; run < 50; run++) {
            StringBuilder text = new StringBuilder();
            random.ints(40, 0, alphabet.length()).forEach(i -> text.append(alphabet.charAt(i)));
            int[] ids = tokenizer.encode(text.toString());
            assertEquals(tokenizer.decode(ids), String.join("", pieces(ids)));
            int[] noise = random.ints(60, 0, 50257).toArray();
            assertEquals(tokenizer.decode(noise), String.join("", pieces(noise)));
            int[] bytes = random.ints(20, 94, 256).toArray();
            assertEquals(tokenizer.decode(bytes), String.join("", pieces(bytes)));
        }
    }

    @Test
    void placesAreThoseOfThePieces() {
        String text = "a  b   c \n\n   d\t e    <|im_end|>\n  f it's 12";
        try (Tokenizer library = TokenIdsTest.smollm2FromGguf()) {
            for (Tokenizer one : List.of(library, tokenizer)) {
                Encoding encoding = one.encodeWithOffsets(text, true);
                assertArrayEquals(one.encode(text), encoding.ids());
                assertArrayEquals(TokenStream.ends(one, encoding.ids(), text), encoding.ends());
            }
            Encoding emoji = library.encodeWithOffsets("🦜 é", false);
            assertEquals(4, emoji.ends()[emoji.ends().length - 1]);
            assertEquals(2, emoji.ends()[0], "the bytes of a character end where it ends");
        }
    }
}
