package dev.lorikeet.text.jinja;

import dev.lorikeet.text.jinja.value.JinjaException;
import dev.lorikeet.text.jinja.value.Undefined;
import dev.lorikeet.text.jinja.value.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variables that are seen at some place: those set there, and those around it. */
final class Scope {

    private final Map<String, Object> values = new HashMap<>();
    private final Scope around;

    Scope(Scope around) {
        this.around = around;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            if (scope.values.containsKey(name)) {
                return scope.values.get(name);
            }
        }
        return new Undefined(name);
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    /** Sets several names to the items of a value, one to the value itself. */
    void set(List<String> names, Object value) {
        if (names.size() == 1) {
            set(names.get(0), value);
            return;
        }
        List<Object> items = Values.items(value);
        if (items.size() != names.size()) {
            throw new JinjaException(items.size() + " values for the " + names.size() + " names " + names);
        }
        for (int i = 0; i < names.size(); i++) {
            set(names.get(i), items.get(i));
        }
    }
}
