package dev.lorikeet.text;

import java.util.Arrays;

/**
 * Turns ids into text one by one, as a model generates them. A character whose bytes are spread over several tokens
 * comes with the last of them. The pieces in order, then {@link #rest()}, are what {@link Tokenizer#decode} gives for
 * all ids at once. For one thread.
 */
public final class TokenStream {

    private static final char REPLACEMENT = '\uFFFD';

    /** A character has four bytes at most, so more tokens without an end are no character; see {@link #restart}. */
    private static final int LONGEST_WAIT = 64;

    private final Tokenizer tokenizer;
    private int[] window = new int[0];
    private int shown;

    public TokenStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Goes on after some ids, whose text is not given again; some vocabularies write the very first token differently. */
    public TokenStream(Tokenizer tokenizer, int... before) {
        this(tokenizer);
        if (before.length > 0 && tokenizer.has(before[before.length - 1])) {
            window = new int[] {before[before.length - 1]};
            restart();
        }
    }

    /** Finds where the characters of each id end in their text. */
    static int[] ends(Tokenizer tokenizer, int[] ids, String text) {
        TokenStream stream = new TokenStream(tokenizer);
        int[] ends = new int[ids.length];
        int end = 0;
        for (int i = 0; i < ids.length; i++) {
            end = Math.min(text.length(), end + stream.next(ids[i]).length());
            ends[i] = end;
        }
        return ends;
    }

    /** The text that has become certain with this id; empty while a character is incomplete, and for an id without a token. */
    public String next(int id) {
        if (!tokenizer.has(id)) {
            return "";
        }
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = id;
        String text = tokenizer.decode(window);
        boolean complete = text.isEmpty() || text.charAt(text.length() - 1) != REPLACEMENT;
        int certain = complete || window.length > LONGEST_WAIT ? text.length() : text.length() - 1;
        String piece = text.substring(Math.min(shown, certain), certain);
        shown = Math.max(shown, certain);
        if (complete || window.length > LONGEST_WAIT) {
            restart();
        }
        return piece;
    }

    /** The text that is left at the end: the sign for an incomplete character, or nothing. */
    public String rest() {
        String text = tokenizer.decode(window);
        String piece = text.substring(shown);
        window = new int[0];
        shown = 0;
        return piece;
    }

    /** Goes on from the last token alone, kept because some vocabularies write a word's first token differently. */
    private void restart() {
        window = Arrays.copyOfRange(window, window.length - 1, window.length);
        shown = tokenizer.decode(window).length();
    }
}
