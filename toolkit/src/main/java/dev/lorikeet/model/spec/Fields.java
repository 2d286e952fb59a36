package dev.lorikeet.model.spec;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/** The fields of one file, each read with an error that names it; a null counts as absent. */
public record Fields(JsonObject json, Path file) {

    private JsonElement get(String key) {
        JsonElement value = json.get(key);
        return value == null || value.isJsonNull() ? null : value;
    }

    private JsonElement needed(String key) {
        JsonElement value = get(key);
        if (value == null) {
            throw new BadFileException(file, "has no \"" + key + "\"");
        }
        return value;
    }

    private <T> T typed(String key, JsonElement value, BiFunction<JsonElement, String, T> reader) {
        try {
            return reader.apply(value, "\"" + key + "\"");
        } catch (JsonParseException e) {
            throw new BadFileException(file, e.getMessage(), e);
        }
    }

    public boolean has(String key) {
        return get(key) != null;
    }

    /** Whether the key stands there, if only with a null. */
    public boolean mentions(String key) {
        return json.has(key);
    }

    /** A copy with one more number. */
    public Fields with(String key, Number value) {
        JsonObject copy = json.deepCopy();
        copy.addProperty(key, value);
        return new Fields(copy, file);
    }

    /** The fields of an object inside this one; without it, none. */
    public Fields within(String key) {
        JsonElement value = get(key);
        return new Fields(value == null ? new JsonObject() : typed(key, value, Json::object), file);
    }

    public String text(String key) {
        return typed(key, needed(key), Json::text);
    }

    public String text(String key, String absent) {
        return has(key) ? text(key) : absent;
    }

    public int integer(String key) {
        return typed(key, needed(key), Json::integer);
    }

    public int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }

    /** A number of things, of which there is at least one. */
    public int size(String key, int absent) {
        int size = integer(key, absent);
        if (size < 1) {
            throw new BadFileException(file, "\"%s\" is %d; expected at least 1".formatted(key, size));
        }
        return size;
    }

    /** A number that float32, in which models compute, can hold. */
    public double number(String key) {
        double number = typed(key, needed(key), Json::number);
        if (Math.abs(number) > Float.MAX_VALUE) {
            throw new BadFileException(file, "\"%s\" is %s; expected a number of float32".formatted(key, number));
        }
        return number;
    }

    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    public boolean flag(String key, boolean absent) {
        return has(key) ? typed(key, get(key), Json::flag) : absent;
    }

    /** The strings of an array. */
    public List<String> texts(String key) {
        return typed(key, needed(key), (list, name) -> Json.list(list, name, Json::text));
    }

    /** The numbers of an array. */
    public List<Double> numbers(String key) {
        return typed(key, needed(key), (list, name) -> Json.list(list, name, Json::number));
    }

    public boolean isObject(String key) {
        return has(key) && get(key).isJsonObject();
    }

    /** The flags of an array. */
    public List<Boolean> flags(String key) {
        return typed(key, needed(key), (list, name) -> Json.list(list, name, Json::flag));
    }

    public boolean isArray(String key) {
        return has(key) && get(key).isJsonArray();
    }

    /** Refuses another value than this; none at all is as good. */
    public void require(String key, String supported) {
        if (has(key) && !text(key).equals(supported)) {
            throw unsupported(key, "\"" + supported + "\"");
        }
    }

    /** Refuses another number than this; none at all is as good. */
    public void require(String key, Number supported) {
        if (has(key) && number(key) != supported.doubleValue()) {
            throw unsupported(key, supported.toString());
        }
    }

    /** Refuses another truth value than this; none at all is as good. */
    public void require(String key, boolean supported) {
        if (flag(key, supported) != supported) {
            throw unsupported(key, String.valueOf(supported));
        }
    }

    public void absent(String key) {
        if (has(key)) {
            throw new BadFileException(file, "\"%s\" is %s, which is not supported".formatted(key, get(key)));
        }
    }

    public BadFileException unsupported(String key, String supported) {
        return new BadFileException(file, "\"%s\" is %s; only %s is supported".formatted(key, get(key), supported));
    }
}
