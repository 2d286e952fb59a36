package dev.lorikeet.base;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts between JSON and plain values: null, Boolean, Long, Double, String, and unmodifiable lists and maps in their order. */
public final class JsonValues {

    /** Numbers that are too large to be held are written as Infinity, as Python does it. */
    private static final Gson WRITER = new GsonBuilder()
            .serializeNulls()
            .serializeSpecialFloatingPointValues()
            .disableHtmlEscaping()
            .create();

    private JsonValues() {}

    /** Converts to plain values. */
    public static Object plain(JsonElement json) {
        if (json instanceof JsonArray list) {
            List<Object> values = new ArrayList<>();
            list.forEach(element -> values.add(plain(element)));
            return Collections.unmodifiableList(values);
        } else if (json instanceof JsonObject object) {
            Map<String, Object> values = new LinkedHashMap<>();
            object.entrySet().forEach(entry -> values.put(entry.getKey(), plain(entry.getValue())));
            return Collections.unmodifiableMap(values);
        }
        return json instanceof JsonPrimitive primitive ? plain(primitive) : null;
    }

    private static Object plain(JsonPrimitive value) {
        if (value.isBoolean()) {
            return value.getAsBoolean();
        } else if (value.isString()) {
            return value.getAsString();
        }
        String digits = value.getAsString();
        if (digits.matches("-?\\d{1,19}")) {
            BigDecimal whole = new BigDecimal(digits);
            if (whole.equals(BigDecimal.valueOf(whole.longValue()))) {
                return whole.longValue();
            }
        }
        return value.getAsDouble();
    }

    /** Writes plain values as JSON. */
    public static String write(Object plain) {
        return WRITER.toJson(plain);
    }

    /** Converts plain values to JSON. */
    public static JsonElement tree(Object plain) {
        return WRITER.toJsonTree(plain);
    }
}
