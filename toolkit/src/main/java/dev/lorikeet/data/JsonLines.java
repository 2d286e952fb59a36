package dev.lorikeet.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads JSON Lines files. */
final class JsonLines {

    private JsonLines() {}

    /** Passes each object to {@code row} and skips empty lines. */
    static void read(Path file, Consumer<JsonObject> row) {
        try (BufferedReader reader = TextFile.lines(file)) {
            read(reader, file, row);
        } catch (IOException e) {
            throw TextFile.unreadable(file, e);
        }
    }

    static void parse(byte[] content, Path forErrors, Consumer<JsonObject> row) {
        try (Reader reader = new InputStreamReader(new ByteArrayInputStream(content), StandardCharsets.UTF_8)) {
            read(new BufferedReader(reader), forErrors, row);
        } catch (IOException e) {
            throw new BadFileException(forErrors, "could not be read: " + e.getMessage(), e);
        }
    }

    private static void read(BufferedReader reader, Path file, Consumer<JsonObject> row) throws IOException {
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
                row.accept(object(line, number, file));
            }
        }
    }

    private static JsonObject object(String line, int number, Path file) {
        try {
            return Json.parse(line).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            String shown = line.length() > 60 ? line.substring(0, 60) + "…" : line;
            throw new BadFileException(file, "line " + number + " is " + shown + "; expected a JSON object", e);
        }
    }

    /** Reads a field as text: a list of texts is joined with spaces, null is empty. */
    static String text(JsonObject object, String field, Path file) {
        JsonElement value = object.get(field);
        if (value == null) {
            throw new BadFileException(
                    file, "a row has no \"" + field + "\"; it has " + String.join(", ", object.keySet()));
        }
        if (value.isJsonArray()) {
            StringBuilder joined = new StringBuilder();
            value.getAsJsonArray()
                    .forEach(part -> joined.append(joined.isEmpty() ? "" : " ").append(part.getAsString()));
            return joined.toString();
        }
        return value.isJsonNull() ? "" : value.getAsString();
    }
}
