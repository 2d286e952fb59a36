package dev.lorikeet.text.schema;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a JSON file and its place in it, for errors that name both.
 *
 * @param place such as {@code decoder.decoders[1].content}
 * @param value null if the file has nothing there
 */
record Node(Path file, String place, JsonElement value) {

    private static final int SHOWN = 60;

    boolean present() {
        return value != null && !value.isJsonNull();
    }

    Node field(String name) {
        return new Node(file, place.isEmpty() ? name : place + "." + name, object().get(name));
    }

    List<Node> items() {
        if (!(value instanceof JsonArray array)) {
            throw isNot("a list");
        }
        List<Node> items = new ArrayList<>(array.size());
        for (JsonElement item : array) {
            items.add(new Node(file, place + "[" + items.size() + "]", item));
        }
        return items;
    }

    Map<String, Node> fields() {
        Map<String, Node> fields = new LinkedHashMap<>();
        object().keySet().forEach(name -> fields.put(name, field(name)));
        return fields;
    }

    JsonObject object() {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw isNot("an object");
    }

    String text() {
        if (value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isString()) {
            return value.getAsString();
        }
        throw isNot("a string");
    }

    /** A single character, as a string. */
    String character() {
        String text = text();
        if (text.codePointCount(0, text.length()) != 1) {
            throw isNot("one character");
        }
        return text;
    }

    boolean flag() {
        if (value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isBoolean()) {
            return value.getAsBoolean();
        }
        throw isNot("true or false");
    }

    double number() {
        if (value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isNumber()) {
            double number = value.getAsDouble();
            if (Double.isFinite(number)) {
                return number;
            }
        }
        throw isNot("a finite number");
    }

    /** A whole number from 0 to {@code most}. */
    int whole(int most) {
        double number = number();
        if (number >= 0 && number <= most && number == Math.rint(number)) {
            return (int) number;
        }
        throw isNot("a whole number from 0 to " + most);
    }

    /** An error that says what this should be. */
    BadFileException isNot(String expected) {
        return wrong((present() ? "is " + shown() : "is missing") + "; expected " + expected);
    }

    /** @param problem what is wrong, as the end of the sentence "PLACE …" */
    BadFileException wrong(String problem) {
        return new BadFileException(file, (place.isEmpty() ? "the whole" : place) + " " + problem);
    }

    private String shown() {
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
