package dev.lorikeet.base;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Parses JSON, and gives values of the type that is expected, with any version of Gson: the kernel IJava 1.3.0 brings its own, 2.8.5, and code that runs in it has no other. */
@SuppressWarnings("deprecation") // the calls that replace these came with 2.8.6
public final class Json {

    /** Digits of a whole number that is not refused unread; parsing takes quadratic time. */
    private static final int LONGEST_INTEGER = 40;

    /** Characters of a value in a message. */
    private static final int SHOWN = 60;

    private static final JsonParser PARSER = new JsonParser();

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

    /**
     * Gives the text of a value.
     *
     * @param name names the value in the message
     * @throws JsonParseException with the name, the value and what was expected, if it is no text
     */
    public static String text(JsonElement value, String name) {
        return value != null
                        && value.isJsonPrimitive()
                        && value.getAsJsonPrimitive().isString()
                ? value.getAsString()
                : refuse(value, name, "a string");
    }

    /** Gives a whole number; see {@link #text}. */
    public static int integer(JsonElement value, String name) {
        try {
            if (isNumber(value) && value.getAsString().length() <= LONGEST_INTEGER) {
                return new BigDecimal(value.getAsString()).intValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // It has a fraction, is too large, or is NaN.
        }
        return refuse(value, name, "a whole number of at most 2147483647");
    }

    /** Gives a finite number; see {@link #text}. */
    public static double number(JsonElement value, String name) {
        return isNumber(value) && Double.isFinite(value.getAsDouble())
                ? value.getAsDouble()
                : refuse(value, name, "a finite number");
    }

    /** Gives a truth value; see {@link #text}. */
    public static boolean flag(JsonElement value, String name) {
        return value != null
                        && value.isJsonPrimitive()
                        && value.getAsJsonPrimitive().isBoolean()
                ? value.getAsBoolean()
                : Json.<Boolean>refuse(value, name, "true or false");
    }

    /** Gives the elements of a list; see {@link #text}. */
    public static List<JsonElement> list(JsonElement value, String name) {
        if (value == null || !value.isJsonArray()) {
            return refuse(value, name, "a list");
        }
        List<JsonElement> elements = new ArrayList<>();
        value.getAsJsonArray().forEach(elements::add);
        return elements;
    }

    /** Gives the elements of a list, each read by {@code reader}; see {@link #text}. */
    public static <T> List<T> list(JsonElement value, String name, BiFunction<JsonElement, String, T> reader) {
        return list(value, name).stream()
                .map(element -> reader.apply(element, "an element of " + name))
                .toList();
    }

    /** Gives an object; see {@link #text}. */
    public static JsonObject object(JsonElement value, String name) {
        return value != null && value.isJsonObject() ? value.getAsJsonObject() : refuse(value, name, "an object");
    }

    private static boolean isNumber(JsonElement value) {
        return value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isNumber();
    }

    private static <T> T refuse(JsonElement value, String name, String expected) {
        String text = value == null ? "missing" : value.toString();
        throw new JsonParseException("%s is %s; expected %s"
                .formatted(name, text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…", expected));
    }
}
