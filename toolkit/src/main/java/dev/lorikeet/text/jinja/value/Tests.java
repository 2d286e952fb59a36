package dev.lorikeet.text.jinja.value;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tests, which stand after "is". */
public final class Tests {

    /** Whether a value is so. */
    public interface Test {
        boolean holds(Object value, Arguments given);
    }

    private static final Map<String, Test> ALL = new TreeMap<>();

    static {
        ALL.put("defined", (value, given) -> !(value instanceof Undefined));
        ALL.put("undefined", (value, given) -> value instanceof Undefined);
        ALL.put("none", (value, given) -> value == null);
        ALL.put("string", (value, given) -> value instanceof String);
        ALL.put("number", (value, given) -> Values.isNumber(value));
        ALL.put("integer", (value, given) -> value instanceof Long);
        ALL.put("float", (value, given) -> value instanceof Double);
        ALL.put("boolean", (value, given) -> value instanceof Boolean);
        ALL.put("true", (value, given) -> Boolean.TRUE.equals(value));
        ALL.put("false", (value, given) -> Boolean.FALSE.equals(value));
        ALL.put("mapping", (value, given) -> value instanceof Map);
        ALL.put("sequence", (value, given) -> isMany(value));
        ALL.put("iterable", (value, given) -> isMany(value) || value instanceof Undefined);
        ALL.put("callable", (value, given) -> value instanceof Callable);
        ALL.put("even", (value, given) -> Math.floorMod(Values.integer(value), 2) == 0);
        ALL.put("odd", (value, given) -> Math.floorMod(Values.integer(value), 2) == 1);
        ALL.put("divisibleby", (value, given) -> Operators.modulo(Values.integer(value), given.required(0, "num"))
                .equals(0L));
        ALL.put("in", (value, given) -> Values.contains(given.required(0, "seq"), value));
        ALL.put("upper", (value, given) -> Writer.text(value).equals(Strings.upper(Writer.text(value))));
        ALL.put("lower", (value, given) -> Writer.text(value).equals(Strings.lower(Writer.text(value))));
        Test equal = (value, given) -> Values.equal(value, given.required(0, "other"));
        List.of("eq", "equalto", "==").forEach(name -> ALL.put(name, equal));
        Test same = (value, given) -> value == given.required(0, "other")
                || Values.isNumber(value) && value.equals(given.required(0, "other"));
        ALL.put("sameas", same);
        List.of("ne", "!=").forEach(name -> ALL.put(name, (value, given) -> !equal.holds(value, given)));
        List.of("lt", "lessthan", "<").forEach(name -> ALL.put(name, (value, given) -> compared(value, given) < 0));
        List.of("gt", "greaterthan", ">").forEach(name -> ALL.put(name, (value, given) -> compared(value, given) > 0));
        List.of("le", "<=").forEach(name -> ALL.put(name, (value, given) -> compared(value, given) <= 0));
        List.of("ge", ">=").forEach(name -> ALL.put(name, (value, given) -> compared(value, given) >= 0));
    }

    private Tests() {}

    public static Test named(String name) {
        Test test = ALL.get(name);
        if (test == null) {
            throw new JinjaException("there is no test \"" + name + "\"; known are " + String.join(", ", ALL.keySet()));
        }
        return test;
    }

    private static boolean isMany(Object value) {
        return value instanceof List || value instanceof Map || value instanceof String;
    }

    private static int compared(Object value, Arguments given) {
        return Values.compare(value, given.required(0, "other"));
    }
}
