package dev.lorikeet.data;

import dev.lorikeet.base.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts tokens over the first rows of a data set. */
final class TokenTotals {

    private final int all;
    private final int length;
    private int rows;
    private int cut;
    private int leftOut;
    private int longest;
    private long tokens;
    private long kept;
    private long learned;

    /**
     * @param all the number of rows of the data set
     * @param length maximum tokens of a row
     */
    TokenTotals(int all, int length) {
        this.all = all;
        this.length = length;
    }

    void add(EncodedText text) {
        TokenRow row = text.row();
        rows++;
        cut += text.isTruncated() ? 1 : 0;
        leftOut += row.hasTarget() ? 0 : 1;
        longest = Math.max(longest, text.ids().length);
        tokens += text.ids().length;
        kept += row.length();
        learned += row.targets();
    }

    /** Describes the lengths, and then what is lost. */
    List<String> lines() {
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
        if (cut > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s cut to %,d tokens, which loses %s of all tokens; length(%d) keeps every one of them whole.",
                    cut == 1 ? "1 row is" : String.format(Locale.ROOT, "%,d rows are", cut),
                    length,
                    percent(tokens - kept, tokens),
                    longest));
        }
        if (leftOut > 0) {
            lines.add((leftOut == 1 ? "1 row has" : String.format(Locale.ROOT, "%,d rows have", leftOut))
                    + " nothing to learn and will be left out.");
        }
        return lines;
    }

    static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", whole == 0 ? 0 : 100.0 * part / whole);
    }
}
