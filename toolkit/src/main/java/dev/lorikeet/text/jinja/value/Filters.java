package dev.lorikeet.text.jinja.value;

import dev.lorikeet.text.jinja.value.Writer.Layout;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The filters, which stand after "|". */
public final class Filters {

    /** A filter's work on a value. */
    public interface Filter {
        Object apply(Object value, Arguments given);
    }

    /** More than any double has before or after its point. */
    private static final int MOST_DIGITS = 400;

    private static final Map<String, Filter> ALL = new TreeMap<>();

    static {
        put("trim", (value, given) -> Strings.strip(Writer.text(value), given.text(0, "chars", null)), "chars");
        put("upper", (value, given) -> Strings.upper(Writer.text(value)));
        put("lower", (value, given) -> Strings.lower(Writer.text(value)));
        put("title", (value, given) -> Strings.title(Writer.text(value)));
        put("capitalize", (value, given) -> Strings.capitalize(Writer.text(value)));
        put("replace", (value, given) -> replaced(Writer.text(value), given), "old", "new", "count");
        put("indent", Filters::indented, "width", "first", "blank");
        put("string", (value, given) -> Writer.text(value));
        put("safe", (value, given) -> value);
        ALL.put("format", (value, given) -> Operators.formatted(Writer.text(value), given.positional()));
        put("tojson", Filters::json, "indent", "ensure_ascii", "sort_keys", "separators");
        put("length", (value, given) -> Values.length(value));
        put("count", (value, given) -> Values.length(value));
        put("join", Filters::joined, "d", "attribute");
        put("list", (value, given) -> Values.items(value));
        put("items", (value, given) -> Values.pairs(value));
        put("first", (value, given) -> end(Values.items(value), true));
        put("last", (value, given) -> end(Values.items(value), false));
        put("reverse", (value, given) -> Values.slice(value, null, null, -1L));
        put("sort", Filters::sorted, "reverse", "case_sensitive", "attribute");
        put("unique", Filters::unique, "case_sensitive", "attribute");
        put("dictsort", Filters::sortedPairs, "case_sensitive", "by", "reverse");
        put("default", Filters::otherwise, "default_value", "boolean");
        put("d", Filters::otherwise, "default_value", "boolean");
        put("int", Filters::integer, "default", "base");
        put("float", Filters::decimal, "default");
        put(
                "abs",
                (value, given) -> value instanceof Long whole
                        ? (Object) Math.abs(whole)
                        : (Object) Math.abs(Values.number(value)));
        put("round", Filters::rounded, "precision", "method");
        put("sum", Filters::sum, "attribute", "start");
        put("min", (value, given) -> extreme(value, given, -1), "case_sensitive", "attribute");
        put("max", (value, given) -> extreme(value, given, 1), "case_sensitive", "attribute");
        ALL.put("map", Filters::mapped);
        ALL.put("select", (value, given) -> chosen(value, given, 0, true));
        ALL.put("reject", (value, given) -> chosen(value, given, 0, false));
        ALL.put("selectattr", (value, given) -> chosen(value, given, 1, true));
        ALL.put("rejectattr", (value, given) -> chosen(value, given, 1, false));
    }

    private Filters() {}

    /** @param parameters names of all arguments that the filter takes, in their order; others are refused */
    private static void put(String name, Filter filter, String... parameters) {
        ALL.put(name, (value, given) -> {
            given.only("the filter " + name, parameters);
            return filter.apply(value, given);
        });
    }

    public static Filter named(String name) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw new JinjaException(
                    "there is no filter \"" + name + "\"; known are " + String.join(", ", ALL.keySet()));
        }
        return filter;
    }

    static String replaced(String text, Arguments given) {
        String from = Writer.text(given.required(0, "old"));
        String to = Writer.text(given.required(1, "new"));
        Object most = given.get(2, "count", null);
        return Strings.replace(text, from, to, most == null ? -1 : Values.integer(most));
    }

    private static Object joined(Object value, Arguments given) {
        return joined(attributes(value, given.get(1, "attribute", null)), Writer.text(given.get(0, "d", "")));
    }

    static String joined(Object items, String separator) {
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (Object item : Values.items(items)) {
            String part = Writer.text(item);
            Budget.characters((double) separator.length() + part.length());
            text.append(first ? "" : separator).append(part);
            first = false;
        }
        return text.toString();
    }

    /** Spaces, or a text of one's own. */
    private static String width(Object given) {
        if (given instanceof String text) {
            return text;
        }
        long spaces = Math.max(0, Values.integer(given));
        Budget.characters(spaces);
        return " ".repeat((int) spaces);
    }

    private static Object indented(Object value, Arguments given) {
        String indent = width(given.get(0, "width", 4L));
        boolean first = Values.isTrue(given.get(1, "first", false));
        boolean blank = Values.isTrue(given.get(2, "blank", false));
        List<Object> lines = Strings.lines(Writer.text(value) + "\n");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indents = i == 0 ? first : blank || !line.isEmpty();
            Budget.characters((double) line.length() + indent.length());
            text.append(i == 0 ? "" : "\n").append(indents ? indent : "").append(line);
        }
        return text.toString();
    }

    /** Writes JSON as transformers does: no characters are escaped for HTML, and spaces follow the separators. */
    private static Object json(Object value, Arguments given) {
        boolean ascii = Values.isTrue(given.get(1, "ensure_ascii", false));
        boolean sorted = Values.isTrue(given.get(2, "sort_keys", false));
        Object width = given.get(0, "indent", null);
        String indent = width == null ? null : width(width);
        Object separators = given.get(3, "separators", null);
        List<Object> two = separators == null ? List.of(indent == null ? ", " : ",", ": ") : Values.items(separators);
        if (two.size() == 2 && two.get(0) instanceof String items && two.get(1) instanceof String keys) {
            return Writer.json(value, new Layout(indent, items, keys, ascii, sorted));
        }
        throw new JinjaException("separators are " + Writer.text(separators) + "; expected two strings");
    }

    private static Object otherwise(Object value, Arguments given) {
        boolean empty = Values.isTrue(given.get(1, "boolean", false)) && !Values.isTrue(value);
        return value instanceof Undefined || empty ? given.get(0, "default_value", "") : value;
    }

    private static Object end(List<Object> items, boolean first) {
        return items.isEmpty() ? new Undefined("an item of an empty list") : items.get(first ? 0 : items.size() - 1);
    }

    private static Object sorted(Object value, Arguments given) {
        List<Object> items = Values.items(value);
        Comparator<Object> order = order(given, 1);
        items.sort(Values.isTrue(given.get(0, "reverse", false)) ? order.reversed() : order);
        return items;
    }

    /** By an attribute, or the items themselves; capitals count like small letters unless asked. */
    private static Comparator<Object> order(Arguments given, int place) {
        boolean exact = Values.isTrue(given.get(place, "case_sensitive", false));
        Object attribute = given.get(place + 1, "attribute", null);
        return (left, right) ->
                Values.compare(folded(attribute(left, attribute), exact), folded(attribute(right, attribute), exact));
    }

    private static Object folded(Object value, boolean exact) {
        return value instanceof String text && !exact ? Strings.lower(text) : value;
    }

    private static Object extreme(Object value, Arguments given, int sign) {
        Comparator<Object> order = order(given, 0);
        Object found = null;
        boolean any = false;
        for (Object item : Values.items(value)) {
            if (!any || sign * order.compare(item, found) > 0) {
                found = item;
                any = true;
            }
        }
        return any ? found : new Undefined("the least or the largest of nothing");
    }

    private static Object unique(Object value, Arguments given) {
        boolean exact = Values.isTrue(given.get(0, "case_sensitive", false));
        Object attribute = given.get(1, "attribute", null);
        Set<Object> seen = new HashSet<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Values.items(value)) {
            if (seen.add(Values.key(folded(attribute(item, attribute), exact)))) {
                unique.add(item);
            }
        }
        return unique;
    }

    private static Object sortedPairs(Object value, Arguments given) {
        boolean exact = Values.isTrue(given.get(0, "case_sensitive", false));
        String by = Writer.text(given.get(1, "by", "key"));
        if (!by.equals("key") && !by.equals("value")) {
            throw new JinjaException("dictsort sorts by " + by + "; expected key or value");
        }
        int place = by.equals("key") ? 0 : 1;
        List<Object> pairs = new ArrayList<>(Values.pairs(value));
        Comparator<Object> order = (left, right) ->
                Values.compare(folded(((List<?>) left).get(place), exact), folded(((List<?>) right).get(place), exact));
        pairs.sort(Values.isTrue(given.get(2, "reverse", false)) ? order.reversed() : order);
        return pairs;
    }

    private static Object integer(Object value, Arguments given) {
        long base = given.number(1, "base", 10);
        try {
            if (!(value instanceof String text)) {
                return (long) Values.number(value);
            }
            return base == 10
                    ? new BigDecimal(text.strip()).longValue()
                    : Long.parseLong(digits(text.strip().toLowerCase(Locale.ROOT), base), (int) base);
        } catch (NumberFormatException | JinjaException e) {
            return given.get(0, "default", 0L);
        }
    }

    /** Python takes a number's prefix along, where it is that of the base. */
    private static String digits(String text, long base) {
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    private static Object decimal(Object value, Arguments given) {
        try {
            return value instanceof String text ? Double.parseDouble(text.strip()) : Values.number(value);
        } catch (NumberFormatException | JinjaException e) {
            return given.get(0, "default", 0.0);
        }
    }

    /** Halves go to the even neighbour, as Python rounds. */
    private static Object rounded(Object value, Arguments given) {
        String method = Writer.text(given.get(1, "method", "common"));
        RoundingMode mode =
                switch (method) {
                    case "common" -> RoundingMode.HALF_EVEN;
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> throw new JinjaException("round knows no " + method + "; expected common, ceil, floor");
                };
        double number = Values.number(value);
        long precision = given.number(0, "precision", 0);
        if (!Double.isFinite(number) || precision > MOST_DIGITS) {
            return number;
        }
        return new BigDecimal(number)
                .setScale((int) Math.max(-MOST_DIGITS, precision), mode)
                .doubleValue();
    }

    private static Object sum(Object value, Arguments given) {
        Object sum = given.get(1, "start", 0L);
        for (Object item : attributes(value, given.get(0, "attribute", null))) {
            sum = Operators.add(sum, item);
        }
        return sum;
    }

    private static Object mapped(Object value, Arguments given) {
        Object attribute = given.named().get("attribute");
        if (attribute != null) {
            return Values.items(value).stream()
                    .map(item -> {
                        Object found = attribute(item, attribute);
                        return found instanceof Undefined ? given.named().getOrDefault("default", found) : found;
                    })
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        Filter filter = named(String.valueOf(given.required(0, "filter")));
        Arguments rest = new Arguments(
                given.positional().stream().skip(1).collect(Collectors.toCollection(ArrayList::new)),
                without(given.named(), "filter"));
        return Values.items(value).stream()
                .map(item -> Budget.charged(filter.apply(item, rest)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** @param skip 1 if the first argument is the attribute to look at */
    private static Object chosen(Object value, Arguments given, int skip, boolean wanted) {
        Object attribute = skip == 0 ? null : given.required(0, "attribute");
        List<Object> rest = given.positional().stream().skip(skip).collect(Collectors.toCollection(ArrayList::new));
        Tests.Test test =
                rest.isEmpty() ? (item, none) -> Values.isTrue(item) : Tests.named(String.valueOf(rest.get(0)));
        Arguments arguments = new Arguments(rest.isEmpty() ? rest : rest.subList(1, rest.size()), given.named());
        return Values.items(value).stream()
                .filter(item -> test.holds(attribute(item, attribute), arguments) == wanted)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static Map<String, Object> without(Map<String, Object> named, String name) {
        Map<String, Object> rest = new LinkedHashMap<>(named);
        rest.remove(name);
        return rest;
    }

    private static List<Object> attributes(Object value, Object attribute) {
        return Values.items(value).stream()
                .map(item -> attribute(item, attribute))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** A path of attributes with points between them; null: the item itself. */
    private static Object attribute(Object item, Object path) {
        if (path == null) {
            return item;
        }
        Object found = item;
        for (String part : String.valueOf(path).split("\\.")) {
            found = Values.item(found, part.matches("\\d{1,18}") ? (Object) Long.valueOf(part) : part, part);
        }
        return found;
    }
}
