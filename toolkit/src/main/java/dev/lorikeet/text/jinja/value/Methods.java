package dev.lorikeet.text.jinja.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of Python's strings, dicts and lists that change nothing. */
final class Methods {

    private Methods() {}

    /** It takes any arguments. */
    private static final String FORMAT = "format";

    /** The arguments of those that take any. */
    private static final Map<String, String[]> PARAMETERS = Map.ofEntries(
            Map.entry("strip", new String[] {"chars"}),
            Map.entry("lstrip", new String[] {"chars"}),
            Map.entry("rstrip", new String[] {"chars"}),
            Map.entry("startswith", new String[] {"prefix"}),
            Map.entry("endswith", new String[] {"prefix"}),
            Map.entry("split", new String[] {"sep", "maxsplit"}),
            Map.entry("rsplit", new String[] {"sep", "maxsplit"}),
            Map.entry("replace", new String[] {"old", "new", "count"}),
            Map.entry("removeprefix", new String[] {"sub"}),
            Map.entry("removesuffix", new String[] {"sub"}),
            Map.entry("find", new String[] {"sub"}),
            Map.entry("count", new String[] {"sub"}),
            Map.entry("join", new String[] {"iterable"}),
            Map.entry("get", new String[] {"key", "default"}),
            Map.entry("index", new String[] {"value"}));

    private static final String[] NONE = {};

    /** The method, or null where this kind of value has none of this name. */
    static Callable of(Object value, String name) {
        Callable method = null;
        if (value instanceof String text) {
            method = ofString(text, name);
        } else if (value instanceof Map<?, ?> map) {
            method = ofDict(map, name);
        } else if (value instanceof List<?> list) {
            method = ofList(list, name);
        }
        return method == null ? null : checked(name, method);
    }

    private static Callable checked(String name, Callable method) {
        return given -> {
            if (!name.equals(FORMAT)) {
                given.only("the method " + name, PARAMETERS.getOrDefault(name, NONE));
            }
            return method.call(given);
        };
    }

    private static Callable ofString(String text, String name) {
        return switch (name) {
            case "strip" -> given -> Strings.strip(text, given.text(0, "chars", null));
            case "lstrip" -> given -> Strings.lstrip(text, given.text(0, "chars", null));
            case "rstrip" -> given -> Strings.rstrip(text, given.text(0, "chars", null));
            case "upper" -> given -> Strings.upper(text);
            case "lower" -> given -> Strings.lower(text);
            case "title" -> given -> Strings.title(text);
            case "capitalize" -> given -> Strings.capitalize(text);
            case "startswith" -> given -> any(given, text::startsWith);
            case "endswith" -> given -> any(given, text::endsWith);
            case "split" -> given -> Strings.split(text, separator(given), given.number(1, "maxsplit", -1));
            case "rsplit" ->
                given -> {
                    String separator = separator(given);
                    long most = given.number(1, "maxsplit", -1);
                    if (separator == null && most >= 0) {
                        throw new JinjaException("rsplit at white space takes no number of splits here");
                    }
                    return separator == null ? Strings.split(text, null, -1) : Strings.rsplit(text, separator, most);
                };
            case "splitlines" -> given -> Strings.lines(text);
            case "replace" -> given -> Filters.replaced(text, given);
            case "removeprefix" ->
                given -> text.startsWith(part(given))
                        ? text.substring(part(given).length())
                        : text;
            case "removesuffix" ->
                given -> text.endsWith(part(given))
                        ? text.substring(0, text.length() - part(given).length())
                        : text;
            case "find" -> given -> (long) text.indexOf(part(given));
            case "count" -> given -> Strings.count(text, part(given));
            case FORMAT -> given -> Strings.format(text, given);
            case "join" -> given -> Filters.joined(given.required(0, "iterable"), text);
            case "isdigit" -> given -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
            case "isalpha" -> given -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetter);
            case "isspace" -> given -> !text.isEmpty() && text.codePoints().allMatch(Strings::isSpace);
            default -> null;
        };
    }

    private static String part(Arguments given) {
        return given.requiredText(0, "sub");
    }

    private static String separator(Arguments given) {
        String separator = given.text(0, "sep", null);
        if (separator != null && separator.isEmpty()) {
            throw new JinjaException("a text cannot be split at an empty separator");
        }
        return separator;
    }

    private static boolean any(Arguments given, java.util.function.Predicate<String> holds) {
        Object wanted = given.required(0, "prefix");
        List<?> several = wanted instanceof List<?> list ? list : List.of(given.requiredText(0, "prefix"));
        return several.stream().anyMatch(one -> holds.test(String.valueOf(one)));
    }

    private static Callable ofDict(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> given -> Values.pairs(map);
            case "keys" -> given -> new ArrayList<Object>(map.keySet());
            case "values" -> given -> new ArrayList<Object>(map.values());
            case "get" ->
                given -> {
                    Object key = given.required(0, "key");
                    return map.containsKey(key) ? map.get(key) : given.get(1, "default", null);
                };
            default -> null;
        };
    }

    private static Callable ofList(List<?> list, String name) {
        return switch (name) {
            case "count" ->
                given -> list.stream()
                        .filter(item -> Values.equal(item, given.required(0, "value")))
                        .count();
            case "index" ->
                given -> {
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.equal(list.get(i), given.required(0, "value"))) {
                            return (long) i;
                        }
                    }
                    throw new JinjaException("the list does not hold what is looked for");
                };
            default -> null;
        };
    }
}
