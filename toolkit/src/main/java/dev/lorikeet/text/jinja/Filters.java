package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.Writer.Layout;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The filters, which stand after "|". */
final class Filters {

    /** A filter's work on a value. */
    interface Filter {
        Object apply(Object value, Arguments given);
    }

    private static final Map<String, Filter> ALL = new TreeMap<>();

    static {
        ALL.put("trim", (value, given) -> Strings.strip(Writer.text(value), given.text(0, "chars", null)));
        ALL.put("upper", (value, given) -> Strings.upper(Writer.text(value)));
        ALL.put("lower", (value, given) -> Strings.lower(Writer.text(value)));
        ALL.put("title", (value, given) -> Strings.title(Writer.text(value)));
        ALL.put("capitalize", (value, given) -> Strings.capitalize(Writer.text(value)));
        ALL.put("replace", (value, given) -> replaced(Writer.text(value), given));
        ALL.put("indent", Filters::indented);
        ALL.put("string", (value, given) -> Writer.text(value));
        ALL.put("safe", (value, given) -> value);
        ALL.put("format", (value, given) -> Operators.formatted(Writer.text(value), given.positional()));
        ALL.put("tojson", Filters::json);
        ALL.put("length", (value, given) -> Values.length(value));
        ALL.put("count", (value, given) -> Values.length(value));
        ALL.put(
                "join",
                (value, given) -> joined(attributes(value, given.get(1, "attribute", null)), given.text(0, "d", "")));
        ALL.put("list", (value, given) -> Values.items(value));
        ALL.put("items", (value, given) -> Values.pairs(value));
        ALL.put("first", (value, given) -> end(Values.items(value), true));
        ALL.put("last", (value, given) -> end(Values.items(value), false));
        ALL.put("reverse", (value, given) -> Values.slice(value, null, null, -1L));
        ALL.put("sort", Filters::sorted);
        ALL.put("unique", (value, given) -> unique(Values.items(value)));
        ALL.put("dictsort", (value, given) -> sortedPairs(value));
        ALL.put("default", Filters::otherwise);
        ALL.put("d", Filters::otherwise);
        ALL.put("int", Filters::integer);
        ALL.put("float", Filters::decimal);
        ALL.put(
                "abs",
                (value, given) -> value instanceof Long whole
                        ? (Object) Math.abs(whole)
                        : (Object) Math.abs(Values.number(value)));
        ALL.put("round", Filters::rounded);
        ALL.put("sum", (value, given) -> sum(attributes(value, given.get(0, "attribute", null))));
        ALL.put("min", (value, given) -> Collections.min(Values.items(value), Values::compare));
        ALL.put("max", (value, given) -> Collections.max(Values.items(value), Values::compare));
        ALL.put("map", Filters::mapped);
        ALL.put("select", (value, given) -> chosen(value, given, 0, true));
        ALL.put("reject", (value, given) -> chosen(value, given, 0, false));
        ALL.put("selectattr", (value, given) -> chosen(value, given, 1, true));
        ALL.put("rejectattr", (value, given) -> chosen(value, given, 1, false));
    }

    private Filters() {}

    static Filter named(String name) {
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
        long most = given.number(2, "count", -1);
        List<Object> parts = from.isEmpty() ? List.of(text) : Strings.split(text, from, most);
        return from.isEmpty() ? text.replace(from, to) : joined(parts, to);
    }

    static String joined(Object items, String separator) {
        return Values.items(items).stream().map(Writer::text).collect(Collectors.joining(separator));
    }

    private static Object indented(Object value, Arguments given) {
        Object width = given.get(0, "width", 4L);
        String indent = width instanceof String text ? text : " ".repeat((int) Values.integer(width));
        boolean first = Values.isTrue(given.get(1, "first", false));
        boolean blank = Values.isTrue(given.get(2, "blank", false));
        List<Object> lines = Strings.lines(Writer.text(value) + "\n");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indents = i == 0 ? first : blank || !line.isEmpty();
            text.append(i == 0 ? "" : "\n").append(indents ? indent : "").append(line);
        }
        return text.toString();
    }

    /** Writes JSON as transformers does: no characters are escaped for HTML, and spaces follow the separators. */
    private static Object json(Object value, Arguments given) {
        boolean ascii = Values.isTrue(given.named().getOrDefault("ensure_ascii", false));
        boolean sorted = Values.isTrue(given.named().getOrDefault("sort_keys", false));
        Object width = given.get(0, "indent", null);
        String indent = width instanceof Long spaces ? " ".repeat((int) (long) spaces) : (String) width;
        List<Object> separators = given.named().get("separators") instanceof List<?> two
                ? new ArrayList<>(two)
                : List.of(indent == null ? ", " : ",", ": ");
        return Writer.json(
                value, new Layout(indent, (String) separators.get(0), (String) separators.get(1), ascii, sorted));
    }

    private static Object otherwise(Object value, Arguments given) {
        boolean empty = Values.isTrue(given.get(1, "boolean", false)) && !Values.isTrue(value);
        return value instanceof Undefined || empty ? given.get(0, "default_value", "") : value;
    }

    private static Object end(List<Object> items, boolean first) {
        return items.isEmpty() ? new Undefined("an item of an empty list") : items.get(first ? 0 : items.size() - 1);
    }

    private static Object sorted(Object value, Arguments given) {
        Object attribute = given.get(2, "attribute", null);
        List<Object> items = Values.items(value);
        Comparator<Object> order = (left, right) ->
                Values.compare(folded(attribute(left, attribute)), folded(attribute(right, attribute)));
        items.sort(Values.isTrue(given.get(0, "reverse", false)) ? order.reversed() : order);
        return items;
    }

    private static Object folded(Object value) {
        return value instanceof String text ? Strings.lower(text) : value;
    }

    private static Object unique(List<Object> items) {
        List<Object> unique = new ArrayList<>();
        for (Object item : items) {
            if (unique.stream().noneMatch(other -> Values.equal(folded(other), folded(item)))) {
                unique.add(item);
            }
        }
        return unique;
    }

    private static Object sortedPairs(Object value) {
        List<Object> pairs = new ArrayList<>(Values.pairs(value));
        pairs.sort((left, right) -> Values.compare(folded(((List<?>) left).get(0)), folded(((List<?>) right).get(0))));
        return pairs;
    }

    private static Object integer(Object value, Arguments given) {
        try {
            return value instanceof String text
                    ? (Object) new BigDecimal(text.strip()).longValue()
                    : (Object) (long) Values.number(value);
        } catch (NumberFormatException | JinjaException e) {
            return given.get(0, "default", 0L);
        }
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
        int digits = (int) given.number(0, "precision", 0);
        return new BigDecimal(Values.number(value))
                .setScale(digits, RoundingMode.HALF_EVEN)
                .doubleValue();
    }

    private static Object sum(Object items) {
        Object sum = 0L;
        for (Object item : Values.items(items)) {
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
        Arguments rest =
                new Arguments(given.positional().subList(1, given.positional().size()), given.named());
        return Values.items(value).stream()
                .map(item -> filter.apply(item, rest))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** @param skip 1 if the first argument is the attribute to look at */
    private static Object chosen(Object value, Arguments given, int skip, boolean wanted) {
        Object attribute = skip == 0 ? null : given.required(0, "attribute");
        List<Object> rest = given.positional().subList(skip, given.positional().size());
        Tests.Test test =
                rest.isEmpty() ? (item, none) -> Values.isTrue(item) : Tests.named(String.valueOf(rest.get(0)));
        Arguments arguments = new Arguments(rest.isEmpty() ? rest : rest.subList(1, rest.size()), given.named());
        return Values.items(value).stream()
                .filter(item -> test.holds(attribute(item, attribute), arguments) == wanted)
                .collect(Collectors.toCollection(ArrayList::new));
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
            found = Values.item(found, part.matches("\\d+") ? (Object) Long.valueOf(part) : part, part);
        }
        return found;
    }
}
