package dev.lorikeet.data.table;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What separates the cells of a CSV file: whichever of comma, semicolon, tab and bar is most frequent in its first row.
 *
 * @param start where the first row begins
 */
record CsvSeparator(char character, int start) {

    /** In order of preference. */
    private static final String KNOWN = ",;\t|";

    private static final List<String> NAMES = List.of("a comma", "a semicolon", "a tab", "a bar");

    /** What spreadsheets write above the header. */
    private static final Pattern DECLARED = Pattern.compile("(?i)sep=(.)\r?\n");

    private static final int ROWS = 2;

    /** Names the separator, such as "a comma". */
    String name() {
        int known = KNOWN.indexOf(character);
        return known < 0 ? "'" + character + "'" : NAMES.get(known);
    }

    /** @param columns how many there are if the file has no header, else 0 */
    static CsvSeparator of(String text, int columns) {
        Matcher declared = DECLARED.matcher(text);
        if (declared.lookingAt()) {
            return new CsvSeparator(declared.group(1).charAt(0), declared.end());
        }
        int[][] counts = counts(text);
        int best = 0;
        for (int i = 1; i < KNOWN.length(); i++) {
            if (rank(counts, i, columns) > rank(counts, best, columns)) {
                best = i;
            }
        }
        return new CsvSeparator(KNOWN.charAt(best), 0);
    }

    /** Prefers as many cells as there are names, then the most frequent, then one that is as frequent in the second row. */
    private static int rank(int[][] counts, int separator, int columns) {
        int first = counts[0][separator];
        int same = first > 0 && first == counts[1][separator] ? 1 : 0;
        return first + 1 == columns ? Integer.MAX_VALUE - 1 + same : 2 * first + same;
    }

    /** Counts each separator outside quotation marks in the first rows that are not blank. */
    private static int[][] counts(String text) {
        int[][] counts = new int[ROWS][KNOWN.length()];
        boolean quoted = false;
        boolean blank = true;
        int row = 0;
        for (int i = 0; i < text.length() && row < ROWS; i++) {
            char character = text.charAt(i);
            int separator = KNOWN.indexOf(character);
            quoted ^= character == '"';
            if (!quoted && (character == '\n' || character == '\r')) {
                row += blank ? 0 : 1;
                blank = true;
            } else {
                blank &= Character.isWhitespace(character) && separator < 0;
            }
            if (!quoted && separator >= 0) {
                counts[row][separator]++;
            }
        }
        return counts;
    }
}
