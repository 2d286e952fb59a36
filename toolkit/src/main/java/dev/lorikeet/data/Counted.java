package dev.lorikeet.data;

import java.util.Locale;

/** Writes a number with what it counts, such as "1 row" and "5,574 rows". */
final class Counted {

    private Counted() {}

    static String of(long count, String one) {
        return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
    }
}
