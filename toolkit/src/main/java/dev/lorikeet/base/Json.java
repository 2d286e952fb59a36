package dev.lorikeet.base;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses JSON with any version of Gson: the kernel IJava 1.3.0 brings its own, 2.8.5, and code that runs in it has no other. */
@SuppressWarnings("deprecation") // the calls that replace these came with 2.8.6
public final class Json {

    private static final JsonParser PARSER = new JsonParser();

    /** Numbers that are too large to be held are written as Infinity, as Python does it. */
    private static final Gson WRITER = new GsonBuilder()
            .serializeNulls()
            .serializeSpecialFloatingPointValues()
            .disableHtmlEscaping()
            .create();

    private Json() {}

    /**
     * Parses a text.
     *
     * @throws JsonParseException if it is no JSON, or lists and objects lie in one another too deep to be read
     */
    public static JsonElement parse(String text) {
        return parse(new StringReader(text));
    }

    /** Parses what a reader gives; see {@link #parse(String)}. */
    public static JsonElement parse(Reader reader) {
        try {
            return PARSER.parse(reader);
        } catch (StackOverflowError e) {
            // The parser calls itself for each level.
            throw new JsonParseException("lists and objects lie in one another too deep", e);
        }
    }

    /** Converts to null, Boolean, Long, Double, String, and unmodifiable lists and maps in their order. */
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

    /** Writes what {@link #plain(JsonElement)} returns as JSON. */
    public static String write(Object plain) {
        return WRITER.toJson(plain);
    }

    /** Converts what {@link #plain(JsonElement)} returns back. */
    public static JsonElement tree(Object plain) {
        return WRITER.toJsonTree(plain);
    }
}
