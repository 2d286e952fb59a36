package dev.lorikeet.text.format;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files with errors that name them. */
public final class JsonFiles {

    private JsonFiles() {}

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new BadFileException(file, "there is no such file", e);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read as UTF-8 text: " + e.getMessage(), e);
        }
    }

    public static JsonObject object(Path file) {
        return object(text(file), file);
    }

    public static JsonObject object(String json, Path forErrors) {
        try {
            return Json.parse(json).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new BadFileException(forErrors, "is not a JSON object: " + e.getMessage(), e);
        }
    }
}
