package dev.lorikeet.text.jinja.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template may call. */
public final class Globals {

    /** Longer ranges are a mistake or an attack; Jinja2's sandbox stops there too. */
    private static final int LONGEST_RANGE = 100_000;

    private Globals() {}

    public static Map<String, Object> all() {
        Callable namespace = given -> new Namespace(dict(given));
        Callable dict = Globals::dict;
        Callable range = Globals::range;
        Callable raise = given -> {
            throw new JinjaException(Writer.text(given.required(0, "message")));
        };
        return Map.of("namespace", namespace, "dict", dict, "range", range, "raise_exception", raise);
    }

    private static Map<String, Object> dict(Arguments given) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Object argument : given.positional()) {
            if (!(argument instanceof Map<?, ?> map)) {
                throw new JinjaException("expected a dict, not " + Values.kind(argument));
            }
            map.forEach((key, value) -> values.put(String.valueOf(key), value));
        }
        values.putAll(given.named());
        return values;
    }

    private static List<Object> range(Arguments given) {
        boolean toOnly = given.positional().size() == 1;
        long from = toOnly ? 0 : given.number(0, "start", 0);
        long to = given.number(toOnly ? 0 : 1, "stop", 0);
        long step = given.number(2, "step", 1);
        double length = Math.abs((double) to - from) > Long.MAX_VALUE ? (double) to - from : to - from;
        double count = step == 0 ? LONGEST_RANGE + 1 : Math.ceil(length / step);
        if (count > LONGEST_RANGE) {
            throw new JinjaException("range(" + from + ", " + to + ", " + step + ") is not allowed");
        }
        List<Object> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(from + i * step);
        }
        return numbers;
    }
}
