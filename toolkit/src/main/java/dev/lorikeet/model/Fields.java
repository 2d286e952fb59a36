package dev.lorikeet.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;

/** The fields of one file, each read with an error that names it; a null counts as absent. */
record Fields(JsonObject json, Path file) {

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

    boolean has(String key) {
        return get(key) != null;
    }

    /** Whether the key stands there, if only with a null. */
    boolean mentions(String key) {
        return json.has(key);
    }

    /** The fields of an object inside this one; without it, none. */
    Fields within(String key) {
        JsonElement value = get(key);
        return new Fields(value == null ? new JsonObject() : value.getAsJsonObject(), file);
    }

    String text(String key) {
        return needed(key).getAsString();
    }

    String text(String key, String absent) {
        return has(key) ? text(key) : absent;
    }

    int integer(String key) {
        return needed(key).getAsInt();
    }

    int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }

    double number(String key) {
        return needed(key).getAsDouble();
    }

    double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    boolean flag(String key, boolean absent) {
        return has(key) ? get(key).getAsBoolean() : absent;
    }

    /** Refuses another value than this; none at all is as good. */
    void require(String key, String supported) {
        if (has(key) && !text(key).equals(supported)) {
            throw unsupported(key, "\"" + supported + "\"");
        }
    }

    /** Refuses another number than this; none at all is as good. */
    void require(String key, Number supported) {
        if (has(key) && number(key) != supported.doubleValue()) {
            throw unsupported(key, supported.toString());
        }
    }

    void absent(String key) {
        if (has(key)) {
            throw new BadFileException(file, "\"%s\" is %s, which is not supported".formatted(key, get(key)));
        }
    }

    BadFileException unsupported(String key, String supported) {
        return new BadFileException(file, "\"%s\" is %s; only %s is supported".formatted(key, get(key), supported));
    }
}
