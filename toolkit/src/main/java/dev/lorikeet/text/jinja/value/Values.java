package dev.lorikeet.text.jinja.value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Python's ways with values: None is null, bool a Boolean, int a Long, float a Double, str a String, lists and tuples a
 * List, dicts a Map.
 */
public final class Values {

    private Values() {}

    public static boolean isTrue(Object value) {
        if (value == null || value instanceof Undefined) {
            return false;
        } else if (value instanceof Boolean truth) {
            return truth;
        } else if (value instanceof String text) {
            return !text.isEmpty();
        } else if (value instanceof Number number) {
            return number.doubleValue() != 0;
        } else if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        return !(value instanceof Map<?, ?> map) || !map.isEmpty();
    }

    /** The kind of a value, in Python's words. */
    public static String kind(Object value) {
        if (value == null) {
            return "none";
        } else if (value instanceof Undefined) {
            return "undefined";
        } else if (value instanceof Boolean) {
            return "a boolean";
        } else if (value instanceof String) {
            return "a string";
        } else if (value instanceof Number) {
            return "a number";
        } else if (value instanceof List) {
            return "a list";
        }
        return value instanceof Map
                ? "a dict"
                : "a " + value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** Booleans are 0 and 1. */
    static double number(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        } else if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw value instanceof Undefined undefined
                ? undefined.error()
                : new JinjaException("expected a number, not " + kind(value));
    }

    static long integer(Object value) {
        if (value instanceof Double) {
            throw new JinjaException("expected a whole number, not " + value);
        }
        return value instanceof Long whole ? whole : (long) number(value);
    }

    public static boolean equal(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return number(left) == number(right);
        } else if (left instanceof List<?> one && right instanceof List<?> other) {
            boolean same = one.size() == other.size();
            for (int i = 0; same && i < one.size(); i++) {
                same = equal(one.get(i), other.get(i));
            }
            return same;
        } else if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            return one.keySet().equals(other.keySet())
                    && one.keySet().stream().allMatch(key -> equal(one.get(key), other.get(key)));
        }
        return left == null
                ? right == null
                : left instanceof Undefined ? right instanceof Undefined : left.equals(right);
    }

    /** What is the same for values that are equal, and hashes so. */
    static Object key(Object value) {
        if (isNumber(value)) {
            return number(value) + 0.0;
        } else if (value instanceof List<?> list) {
            return list.stream().map(Values::key).collect(Collectors.toCollection(ArrayList::new));
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> keys = new HashMap<>();
            map.forEach((name, item) -> keys.put(key(name), key(item)));
            return keys;
        }
        return value instanceof Undefined ? Undefined.class : value;
    }

    public static int compare(Object left, Object right) {
        if (left instanceof String one && right instanceof String other) {
            return one.compareTo(other);
        } else if (isNumber(left) && isNumber(right)) {
            return Double.compare(number(left), number(right));
        }
        throw new JinjaException(kind(left) + " cannot be compared with " + kind(right));
    }

    public static boolean contains(Object whole, Object part) {
        if (whole instanceof String text) {
            if (part instanceof String piece) {
                return text.contains(piece);
            }
            throw new JinjaException("only a string can be in a string, not " + kind(part));
        }
        return whole instanceof Map<?, ?> map
                ? map.containsKey(part)
                : items(whole).stream().anyMatch(item -> equal(item, part));
    }

    static long length(Object value) {
        return value instanceof String text
                ? text.codePointCount(0, text.length())
                : items(value).size();
    }

    /** The items that a loop goes over: a list's items, a dict's keys, a string's characters; nothing where undefined. */
    public static List<Object> items(Object value) {
        if (value instanceof List<?> list) {
            Budget.steps(list.size());
            return new ArrayList<>(list);
        } else if (value instanceof Map<?, ?> map) {
            Budget.steps(map.size());
            return new ArrayList<>(map.keySet());
        } else if (value instanceof String text) {
            Budget.steps(text.length());
            return new ArrayList<>(
                    text.codePoints().mapToObj(Character::toString).toList());
        } else if (value instanceof Undefined) {
            return new ArrayList<>();
        }
        throw new JinjaException(kind(value) + " cannot be gone through item by item");
    }

    /** Pairs of key and value. */
    static List<Object> pairs(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<Object> pairs = new ArrayList<>();
            map.forEach((key, item) -> {
                List<Object> pair = new ArrayList<>();
                pair.add(key);
                pair.add(item);
                pairs.add(pair);
            });
            return pairs;
        } else if (value instanceof Undefined) {
            return List.of();
        }
        throw new JinjaException("expected a dict, not " + kind(value));
    }

    /** {@code value[key]} or {@code value.key}: an item, else a method of the kind of value, else undefined. */
    public static Object item(Object value, Object key, String written) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Map<?, ?> map && map.containsKey(key)) {
            return map.get(key);
        } else if (value instanceof Namespace space && space.values().containsKey(key)) {
            return space.values().get(key);
        } else if (key instanceof Long place && (value instanceof List || value instanceof String)) {
            List<?> items = value instanceof List<?> list ? list : items(value);
            long from = place < 0 ? place + items.size() : place;
            return from >= 0 && from < items.size() ? items.get((int) from) : new Undefined(written);
        } else if (value instanceof Loop loop && key instanceof String name) {
            return loop.get(name);
        }
        Callable method = key instanceof String name ? Methods.of(value, name) : null;
        return method == null ? new Undefined(written) : method;
    }

    /** {@code value[from:to:step]}; null where a bound is left out. */
    public static Object slice(Object value, Object from, Object to, Object step) {
        List<Object> items = items(value);
        long by = step == null ? 1 : integer(step);
        if (by == 0) {
            throw new JinjaException("a slice cannot have the step 0");
        }
        long first = bound(from, items.size(), by > 0 ? 0 : items.size() - 1L, by);
        long last = bound(to, items.size(), by > 0 ? items.size() : -1, by);
        List<Object> part = new ArrayList<>();
        // A longer step takes nothing more, and could run over the largest number.
        long safe = Math.max(-1L - items.size(), Math.min(items.size() + 1L, by));
        for (long i = first; by > 0 ? i < last : i > last; i += safe) {
            part.add(items.get((int) i));
        }
        return value instanceof String
                ? String.join("", part.stream().map(String::valueOf).toList())
                : part;
    }

    private static long bound(Object given, int size, long otherwise, long step) {
        if (given == null) {
            return otherwise;
        }
        long place = integer(given);
        long inside = place < 0 ? place + size : place;
        return step > 0 ? Math.max(0, Math.min(size, inside)) : Math.max(-1, Math.min(size - 1L, inside));
    }
}
