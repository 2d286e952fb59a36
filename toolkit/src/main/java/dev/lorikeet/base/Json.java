package dev.lorikeet.base;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.Reader;

/** Parses JSON on any Gson: the kernel IJava 1.3.0 brings its own, 2.8.5, and what runs in it has no other. */
@SuppressWarnings("deprecation") // what took the place of these calls came with 2.8.6
public final class Json {

    private static final JsonParser PARSER = new JsonParser();

    private Json() {}

    /**
     * The value that a text is.
     *
     * @throws com.google.gson.JsonParseException if it is none
     */
    public static JsonElement parse(String text) {
        return PARSER.parse(text);
    }

    /** As {@link #parse(String)}, of a file being read. */
    public static JsonElement parse(Reader reader) {
        return PARSER.parse(reader);
    }
}
