package dev.lorikeet.text.jinja;

import java.util.List;
import java.util.Map;

/**
 * The arguments of a function, filter or test.
 *
 * @param named in their order
 */
public record Arguments(List<Object> positional, Map<String, Object> named) {

    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The argument at this place or with this name; {@code otherwise} if there is neither. */
    public Object get(int place, String name, Object otherwise) {
        if (place < positional.size()) {
            return positional.get(place);
        }
        return named.getOrDefault(name, otherwise);
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

    long number(int place, String name, long otherwise) {
        return Values.integer(get(place, name, otherwise));
    }
}
