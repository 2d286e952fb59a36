package dev.lorikeet.text.jinja.value;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Values as text: as Python's {@code str} and {@code json.dumps} write them. */
public final class Writer {

    /** What writing a value takes, beside its characters. */
    private static final int STEPS = 10;

    private Writer() {}

    public static String text(Object value) {
        if (value instanceof String text) {
            return text;
        } else if (value == null) {
            return "None";
        } else if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        } else if (value instanceof Double number) {
            return number(number);
        } else if (value instanceof List<?> list) {
            return list.stream().map(Writer::quoted).collect(Collectors.joining(", ", "[", "]"));
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }

    private static String quoted(Object value) {
        Budget.steps(STEPS);
        Budget.characters(value instanceof String text ? text.length() : 2);
        if (!(value instanceof String text)) {
            return text(value);
        }
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        String escaped = text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
                .replace("\r", "\\r")
                .replace(String.valueOf(quote), "\\" + quote);
        return quote + escaped + quote;
    }

    /** The shortest digits that give the number, plain between 1e-4 and 1e16. */
    private static String number(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (size == 0 || size >= 1e-4 && size < 1e16) {
            String plain = new BigDecimal(Double.toString(value)).toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String[] parts = Double.toString(value).split("E");
        int power = Integer.parseInt(parts[1]);
        return parts[0].replaceFirst("\\.0$", "") + (power < 0 ? "e-%02d" : "e+%02d").formatted(Math.abs(power));
    }

    /**
     * The layout of JSON.
     *
     * @param indent of a level; null: all in one line
     */
    record Layout(String indent, String itemSeparator, String keySeparator, boolean ascii, boolean sorted) {}

    static String json(Object value, Layout layout) {
        StringBuilder json = new StringBuilder();
        write(value, layout, "\n", json);
        return json.toString();
    }

    private static void write(Object value, Layout layout, String line, StringBuilder json) {
        Budget.steps(STEPS);
        Budget.characters(line.length() + 2.0);
        if (value instanceof String text) {
            Budget.characters(text.length());
            string(text, layout.ascii(), json);
        } else if (value instanceof List<?> list) {
            List<Runnable> items = new ArrayList<>();
            String inner = inner(layout, line);
            list.forEach(item -> items.add(() -> write(item, layout, inner, json)));
            group('[', items, ']', layout, line, json);
        } else if (value instanceof Map<?, ?> map) {
            List<Runnable> items = new ArrayList<>();
            String inner = inner(layout, line);
            Map<Object, Object> ordered = layout.sorted() ? new TreeMap<>(Values::compare) : new LinkedHashMap<>();
            ordered.putAll(map);
            ordered.forEach((key, item) -> items.add(() -> {
                string(key instanceof String name ? name : scalar(key), layout.ascii(), json);
                json.append(layout.keySeparator());
                write(item, layout, inner, json);
            }));
            group('{', items, '}', layout, line, json);
        } else {
            json.append(scalar(value));
        }
    }

    private static String inner(Layout layout, String line) {
        return layout.indent() == null ? "" : line + layout.indent();
    }

    private static void group(
            char open, List<Runnable> items, char close, Layout layout, String line, StringBuilder json) {
        json.append(open);
        for (int i = 0; i < items.size(); i++) {
            json.append(i == 0 ? "" : layout.itemSeparator()).append(inner(layout, line));
            items.get(i).run();
        }
        json.append(items.isEmpty() || layout.indent() == null ? "" : line).append(close);
    }

    private static String scalar(Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof Boolean || value instanceof Long) {
            return value.toString();
        } else if (value instanceof Double number) {
            return number(number);
        }
        throw new JinjaException(Values.kind(value) + " cannot be written as JSON");
    }

    private static void string(String text, boolean ascii, StringBuilder json) {
        json.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                default -> json.append(c < ' ' || ascii && c > '~' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        json.append('"');
    }
}
