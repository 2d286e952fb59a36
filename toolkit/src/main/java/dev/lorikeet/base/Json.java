package dev.lorikeet.base;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.Reader;
import java.io.StringReader;

/** Parses JSON with any version of Gson: the kernel IJava 1.3.0 brings its own, 2.8.5, and code that runs in it has no other. */
@SuppressWarnings("deprecation") // the calls that replace these came with 2.8.6
public final class Json {

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
}
