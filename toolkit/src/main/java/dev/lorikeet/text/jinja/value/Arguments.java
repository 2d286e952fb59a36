package dev.lorikeet.text.jinja.value;

import java.util.List;
import java.util.Map;

/**
 * The arguments of a function, filter or test.
 *
 * @param named in their order
 */
public record Arguments(List<Object> positional, Map<String, Object> named) {

    public static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The argument at this place or with this name; {@code otherwise} if there is neither. */
    public Object get(int place, String name, Object otherwise) {
        if (place < positional.size()) {
            return positional.get(place);
        }
        return named.getOrDefault(name, otherwise);
    }

    /** Refuses arguments beyond those that have these names, in their order. */
    void only(String callee, String... names) {
        List<String> known = List.of(names);
        if (positional.size() > known.size() || !known.containsAll(named.keySet())) {
            throw new JinjaException(callee + " takes "
                    + (known.isEmpty() ? "no arguments" : "only " + String.join(", ", known)) + "; here it has "
                    + positional.size() + (named.isEmpty() ? "" : " and " + String.join(", ", named.keySet())));
        }
    }

    Object required(int place, String name) {
        if (place >= positional.size() && !named.containsKey(name)) {
            throw new JinjaException("the argument \"" + name + "\" is missing");
        }
        return get(place, name, null);
    }

    /** A text, or null. */
    public String text(int place, String name, String otherwise) {
        Object value = get(place, name, otherwise);
        if (value != null && !(value instanceof String)) {
            throw new JinjaException("the argument \"" + name + "\" is " + Values.kind(value) + "; expected a string");
        }
        return (String) value;
    }

    /** A text that must be there. */
    public String requiredText(int place, String name) {
        String text = required(place, name) == null ? null : text(place, name, null);
        if (text == null) {
            throw new JinjaException("the argument \"" + name + "\" is none; expected a string");
        }
        return text;
    }

    long number(int place, String name, long otherwise) {
        return Values.integer(get(place, name, otherwise));
    }
}
