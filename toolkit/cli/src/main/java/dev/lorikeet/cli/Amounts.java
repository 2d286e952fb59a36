package dev.lorikeet.cli;

import dev.lorikeet.base.Quantities;
import java.lang.reflect.Array;
import java.util.Collection;
import java.util.stream.IntStream;

/** Formats values for printing. */
final class Amounts {

    private static final int SHOWN = 100;
    private static final int FEW = 8;

    private Amounts() {}

    /** Formats a value in one line: a long list as its size, a long text as its beginning. */
    static String shortened(Object value) {
        int count = value instanceof Collection<?> list
                ? list.size()
                : value.getClass().isArray() ? Array.getLength(value) : 0;
        if (count > FEW) {
            return "(" + Quantities.count(count) + " values)";
        }
        String text = String.valueOf(value.getClass().isArray() ? listed(value) : value)
                .replace("\\", "\\\\")
                .replace("\n", "\\n");
        return text.length() <= SHOWN
                ? text
                : text.substring(0, SHOWN) + "… (" + Quantities.count(text.length()) + " characters)";
    }

    private static Collection<Object> listed(Object array) {
        return IntStream.range(0, Array.getLength(array))
                .mapToObj(i -> Array.get(array, i))
                .toList();
    }
}
