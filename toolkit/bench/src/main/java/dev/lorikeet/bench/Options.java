package dev.lorikeet.bench;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.DType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Arguments of the form {@code name=value}. */
record Options(Map<String, String> values) {

    static Options parse(String[] args) {
        Map<String, String> values = new HashMap<>();
        for (String arg : args) {
            int at = arg.indexOf('=');
            BadArgumentException.unless(at > 0, "argument", arg, "name=value");
            values.put(arg.substring(0, at), arg.substring(at + 1));
        }
        return new Options(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name, String absent) {
        return values.getOrDefault(name, absent);
    }

    long whole(String name, long absent) {
        return values.containsKey(name) ? Long.parseLong(values.get(name)) : absent;
    }

    double number(String name, double absent) {
        return values.containsKey(name) ? Double.parseDouble(values.get(name)) : absent;
    }

    /** The option {@code precision}; float32 unless given. */
    DType dtype() {
        return DType.valueOf(text("precision", "float32").toUpperCase(Locale.ROOT));
    }

    /** The option {@code steps}, where 0 means as many as the case has. */
    int steps(int all) {
        int steps = (int) whole("steps", 0);
        return steps == 0 ? all : steps;
    }

    Path path(String name) {
        BadArgumentException.unless(has(name), "argument", name, name + "=PATH");
        return Path.of(values.get(name));
    }
}
