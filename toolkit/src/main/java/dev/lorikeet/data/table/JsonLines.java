package dev.lorikeet.data.table;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import dev.lorikeet.base.StoppedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads JSON Lines files. */
public final class JsonLines {

    private static final int MOST_SHOWN = 60;

    private JsonLines() {}

    /** Passes each object to {@code row} and skips empty lines. */
    public static void read(Path file, Consumer<JsonRow> row) {
        try (BufferedReader reader = TextFile.lines(file)) {
            read(reader, file, row);
        } catch (IOException e) {
            throw TextFile.unreadable(file, e);
        }
    }

    /** Passes each object of a text to {@code row}. */
    public static void parse(String text, Path forErrors, Consumer<JsonRow> row) {
        try {
            read(new BufferedReader(new StringReader(text)), forErrors, row);
        } catch (IOException e) {
            throw new AssertionError("a text can be read", e);
        }
    }

    public static void parse(byte[] content, Path forErrors, Consumer<JsonRow> row) {
        parse(new String(content, StandardCharsets.UTF_8), forErrors, row);
    }

    private static void read(BufferedReader reader, Path file, Consumer<JsonRow> row) throws IOException {
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            StoppedException.check("Reading was interrupted");
            number++;
            if (!line.isBlank()) {
                row.accept(new JsonRow(object(line, number, file), file, "line " + number));
            }
        }
    }

    private static JsonObject object(String line, int number, Path file) {
        try {
            if (line.stripLeading().startsWith("{") && Json.parse(line) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException e) {
            throw new BadFileException(
                    file,
                    JsonProblem.of(e, number) + "; expected a JSON object in each line, but this is " + shown(line),
                    e);
        }
        throw new BadFileException(file, "line " + number + " is " + shown(line) + "; expected a JSON object");
    }

    /** Whether a text consists of several lines, of which the first is a JSON list or object of its own. */
    static boolean fits(String text) {
        String plain = text.strip();
        int end = plain.indexOf('\n');
        try {
            JsonElement first = Json.parse(plain.substring(0, Math.max(0, end)));
            return first.isJsonObject() || first.isJsonArray();
        } catch (JsonParseException e) {
            return false;
        }
    }

    /** Returns the start of a text. */
    static String shown(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
    }
}
