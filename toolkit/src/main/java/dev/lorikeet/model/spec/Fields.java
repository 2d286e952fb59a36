package dev.lorikeet.model.spec;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        return new Fields(value == null ? new JsonObject() : value.getAsJsonObject(), file);
    }

    public String text(String key) {
        return needed(key).getAsString();
    }

    public String text(String key, String absent) {
        return has(key) ? text(key) : absent;
    }

    public int integer(String key) {
        return needed(key).getAsInt();
    }

    public int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }

    public double number(String key) {
        return needed(key).getAsDouble();
    }

    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    public boolean flag(String key, boolean absent) {
        return has(key) ? get(key).getAsBoolean() : absent;
    }

    /** The strings of an array. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        needed(key).getAsJsonArray().forEach(element -> texts.add(element.getAsString()));
        return texts;
    }

    /** The numbers of an array. */
    public List<Double> numbers(String key) {
        List<Double> numbers = new ArrayList<>();
        needed(key).getAsJsonArray().forEach(element -> numbers.add(element.getAsDouble()));
        return numbers;
    }

    public boolean isObject(String key) {
        return has(key) && get(key).isJsonObject();
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

    public void absent(String key) {
        if (has(key)) {
            throw new BadFileException(file, "\"%s\" is %s, which is not supported".formatted(key, get(key)));
        }
    }

    public BadFileException unsupported(String key, String supported) {
        return new BadFileException(file, "\"%s\" is %s; only %s is supported".formatted(key, get(key), supported));
    }
}
