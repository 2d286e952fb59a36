package dev.lorikeet.text.sentencepiece;

import java.util.Arrays;

/**
 * A text in the form in which SentencePiece segments it.
 *
 * @param text with its spaces escaped
 * @param ends [characters], where in the first text each character of this one ends
 */
public record EscapedText(String text, int[] ends) {

    public static EscapedText of(String plain, boolean prefix, boolean singleSpaces) {
        StringBuilder text = new StringBuilder(plain.length() + 1);
        int[] ends = new int[plain.length() + 1];
        int to = plain.length();
        int from = 0;
        while (singleSpaces && from < to && plain.charAt(from) == ' ') {
            from++;
        }
        if (prefix && from < to) {
            ends[0] = from;
            text.append(SentencePieceModel.SPACE);
        }
        for (int i = from; i < to; i++) {
            char c = plain.charAt(i);
            if (singleSpaces && c == ' ' && plain.charAt(i - 1) == ' ') {
                ends[text.length() - 1] = i + 1;
                continue;
            }
            ends[text.length()] = i + 1;
            text.append(c == ' ' ? SentencePieceModel.SPACE : c);
        }
        // A character of the text that looks like an escaped space goes too.
        while (singleSpaces && text.length() > 0 && text.charAt(text.length() - 1) == SentencePieceModel.SPACE) {
            text.setLength(text.length() - 1);
        }
        return new EscapedText(text.toString(), Arrays.copyOf(ends, text.length()));
    }
}
