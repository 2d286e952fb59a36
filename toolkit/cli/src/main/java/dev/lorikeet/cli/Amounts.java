package dev.lorikeet.cli;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.IntStream;

/** Formats counts, byte sizes and values for printing. */
final class Amounts {

    private static final int SHOWN = 100;
    private static final int FEW = 8;

    private Amounts() {}

    static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double amount = bytes / 1e3;
        int unit = 0;
        while (amount >= 999.95 && unit < units.length - 1) {
            amount /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }

    /** Formats a value in one line: a long list as its size, a long text as its beginning. */
    static String shortened(Object value) {
        int count = value instanceof Collection<?> list
                ? list.size()
                : value.getClass().isArray() ? Array.getLength(value) : 0;
        if (count > FEW) {
            return "(" + grouped(count) + " values)";
        }
        String text = String.valueOf(value.getClass().isArray() ? listed(value) : value)
                .replace("\\", "\\\\")
                .replace("\n", "\\n");
        return text.length() <= SHOWN
                ? text
                : text.substring(0, SHOWN) + "… (" + grouped(text.length()) + " characters)";
    }

    private static Collection<Object> listed(Object array) {
        return IntStream.range(0, Array.getLength(array))
                .mapToObj(i -> Array.get(array, i))
                .toList();
    }
}
