package dev.lorikeet.notebook.view;

import java.lang.reflect.Array;
import java.util.StringJoiner;
import java.util.function.IntFunction;

/** Formats a Java array as text: its type, its lengths and its first and last values. */
public final class ArrayText {

    private static final int MOST_VALUES = 24;
    private static final int MOST_ROWS = 10;
    private static final int LONGEST_TEXT = 80;

    private ArrayText() {}

    /** Returns text such as {@code int[1045] {23, 12, …, 7}}; an array of arrays has a line for each. */
    public static String of(Object array) {
        return type(array) + " " + values(array, "");
    }

    private static String type(Object array) {
        Class<?> element = array.getClass();
        while (element.isArray()) {
            element = element.getComponentType();
        }
        StringBuilder lengths = new StringBuilder();
        Object level = array;
        for (Class<?> type = array.getClass(); type.isArray(); type = type.getComponentType()) {
            lengths.append('[')
                    .append(level == null ? "" : Array.getLength(level))
                    .append(']');
            level = level == null ? null : sharedLengthChild(level);
        }
        return element.getSimpleName() + lengths;
    }

    /** Returns one of the arrays in {@code level} if all have the same length, else null. */
    private static Object sharedLengthChild(Object level) {
        if (!(level instanceof Object[] children) || children.length == 0) {
            return null;
        }
        for (Object child : children) {
            if (child == null
                    || !child.getClass().isArray()
                    || Array.getLength(child) != Array.getLength(children[0])) {
                return null;
            }
        }
        return children[0];
    }

    private static String values(Object array, String indent) {
        int length = Array.getLength(array);
        if (!array.getClass().getComponentType().isArray()) {
            return "{" + joined(length, MOST_VALUES, ", ", i -> value(Array.get(array, i))) + "}";
        }
        String deeper = indent + "  ";
        return "{\n" + deeper
                + joined(length, MOST_ROWS, "\n" + deeper, i -> {
                    Object row = Array.get(array, i);
                    return row == null ? "null" : values(row, deeper);
                })
                + "\n" + indent + "}";
    }

    private static String joined(int length, int most, String between, IntFunction<String> text) {
        StringJoiner joiner = new StringJoiner(between);
        int head = length <= most ? length : most - most / 4;
        for (int i = 0; i < head; i++) {
            joiner.add(text.apply(i));
        }
        if (head < length) {
            joiner.add("…");
            for (int i = length - most / 4; i < length; i++) {
                joiner.add(text.apply(i));
            }
        }
        return joiner.toString();
    }

    private static String value(Object value) {
        if (value instanceof Character) {
            return "'" + value + "'";
        }
        String text = String.valueOf(value);
        String cut = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
        return value instanceof CharSequence ? "\"" + cut + "\"" : cut;
    }
}
