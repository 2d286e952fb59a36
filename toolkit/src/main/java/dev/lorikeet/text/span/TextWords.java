package dev.lorikeet.text.span;

import dev.lorikeet.text.Encoding;
import dev.lorikeet.text.Tokenizer;
import java.util.List;

/**
 * A text's tokens, cut to a length, and its words.
 *
 * @param words those whose first token is among the ids
 * @param isCut whether words are missing
 */
public record TextWords(int[] ids, List<Word> words, boolean isCut) {

    /** Cuts a text into tokens, at most so many, and finds its words; one padding token for a text without any. */
    public static TextWords of(String text, Tokenizer tokenizer, int longest) {
        Encoding whole = tokenizer.encodeWithOffsets(text, true);
        int[] cut = tokenizer.encodeCut(text, longest);
        int[] ids = cut.length == 0 ? new int[] {tokenizer.pad().orElse(0)} : cut;
        List<Word> all = Word.of(text, whole);
        List<Word> words = all.stream()
                .filter(word -> word.token() < ids.length && ids[word.token()] == whole.ids()[word.token()])
                .toList();
        return new TextWords(ids, words, words.size() < all.size());
    }
}
