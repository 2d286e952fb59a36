package dev.lorikeet.text.span;

import dev.lorikeet.text.Encoding;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A word of a text: letters and digits that stand together, or a sign by itself. Scripts that put no space between words have a
 * word for each token.
 *
 * @param token its first one
 * @param start where it begins, in Java's characters
 * @param end after its last character
 */
public record Word(int token, int start, int end) {

    private static final Set<UnicodeScript> WITHOUT_SPACES = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    /** Lists the words of a text that was cut into tokens; tokens without characters, such as special ones, have none. */
    public static List<Word> of(String text, Encoding encoding) {
        List<Word> words = new ArrayList<>();
        int before = 0;
        for (int token = 0; token < encoding.ids().length; token++) {
            int end = encoding.ends()[token];
            int start = before;
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            before = Math.max(before, end);
            if (start >= end) {
                continue;
            }
            int last = words.size() - 1;
            if (last >= 0 && words.get(last).end == start && continues(text, start)) {
                words.set(last, new Word(words.get(last).token, words.get(last).start, end));
            } else {
                words.add(new Word(token, start, end));
            }
        }
        return words;
    }

    private static boolean continues(String text, int at) {
        return joins(text.codePointBefore(at)) && joins(text.codePointAt(at));
    }

    private static boolean joins(int point) {
        int type = Character.getType(point);
        boolean part = Character.isLetterOrDigit(point)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
        return part && !WITHOUT_SPACES.contains(UnicodeScript.of(point));
    }

    boolean overlaps(Span span) {
        return start < span.end() && span.start() < end;
    }
}
