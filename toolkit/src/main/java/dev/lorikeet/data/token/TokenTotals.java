package dev.lorikeet.data.token;

import dev.lorikeet.base.Quantities;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts tokens over the first rows of a data set, and what cutting them loses. */
public final class TokenTotals implements Serializable {

    private final int all;
    private final int length;
    private int rows;
    private int cut;
    private int losing;
    private int emptied;
    private int empty;
    private int longest;
    private long tokens;
    private long kept;
    private long learned;

    /**
     * @param all the number of rows of the data set
     * @param length maximum tokens of a row
     */
    public TokenTotals(int all, int length) {
        this.all = all;
        this.length = length;
    }

    /**
     * Counts a text.
     *
     * @param row what is left of it; see {@link EncodedText#row}
     */
    public void add(EncodedText text, TokenRow row) {
        int wanted = text.targetCount();
        boolean learns = row.hasTarget();
        rows++;
        cut += text.isTruncated() ? 1 : 0;
        empty += wanted == 0 ? 1 : 0;
        emptied += wanted > 0 && !learns ? 1 : 0;
        losing += learns && row.targets() < wanted ? 1 : 0;
        longest = Math.max(longest, text.ids().length);
        tokens += text.ids().length;
        kept += row.length();
        learned += row.targets();
    }

    /** The number of texts that are too long. */
    public int cut() {
        return cut;
    }

    /** The number of texts of which nothing is learned. */
    public int leftOut() {
        return empty + emptied;
    }

    /** The number of texts of which nothing is left to learn since they are too long. */
    public int emptied() {
        return emptied;
    }

    /** The number of tokens of the longest text. */
    public int longest() {
        return longest;
    }

    /** Describes the lengths, and then what is lost. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        String which =
                rows == all ? "All " + Quantities.counted(all, "row") : "The first " + Quantities.counted(rows, "row");
        if (rows == 0) {
            return List.of("There are no rows.");
        }
        lines.add(String.format(
                Locale.ROOT,
                "%s: %,.1f tokens on average, longest %,d; %s of the tokens are learned.",
                which,
                (double) tokens / rows,
                longest,
                percent(learned, kept)));
        lines.addAll(losses());
        return lines;
    }

    /** Describes what is lost; empty if nothing is. */
    public List<String> losses() {
        List<String> lines = new ArrayList<>();
        if (cut > 0) {
            List<String> parts = new ArrayList<>();
            if (losing > 0) {
                parts.add(counted(losing, "loses", "lose") + " a part of what is learned");
            }
            if (emptied > 0) {
                parts.add(counted(emptied, "has", "have") + " nothing left to learn and will be left out");
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "%s cut to %,d tokens, which loses %s of all tokens%s; length(%d) keeps every one of them whole.",
                    counted(cut, "row is", "rows are"),
                    length,
                    percent(tokens - kept, tokens),
                    parts.isEmpty() ? "" : ": " + String.join(", ", parts),
                    longest));
        }
        if (empty > 0) {
            lines.add(counted(empty, "row has", "rows have") + " nothing to learn and will be left out.");
        }
        return lines;
    }

    private static String counted(int count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }

    public static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", whole == 0 ? 0 : 100.0 * part / whole);
    }
}
