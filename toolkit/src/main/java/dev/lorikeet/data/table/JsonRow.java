package dev.lorikeet.data.table;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A row of a JSON file.
 *
 * @param place where it is, such as "line 3"
 */
public record JsonRow(JsonObject object, Path file, String place) {

    /**
     * Returns a field as text: a list of texts is joined with spaces, null is empty.
     *
     * @throws BadFileException if there is no such field, or it holds something else; it names the place
     */
    public String text(String field) {
        JsonElement value = object.get(field);
        if (value == null) {
            throw new BadFileException(
                    file, place + " has no \"" + field + "\"; it has " + String.join(", ", object.keySet()));
        }
        if (value.isJsonArray()) {
            return StreamSupport.stream(value.getAsJsonArray().spliterator(), false)
                    .map(part -> text(field, part))
                    .collect(Collectors.joining(" "));
        }
        return value.isJsonNull() ? "" : text(field, value);
    }

    private String text(String field, JsonElement value) {
        if (value instanceof JsonPrimitive primitive) {
            return primitive.getAsString();
        }
        throw new BadFileException(
                file,
                "\"%s\" of %s is or holds %s; expected a text or a list of texts"
                        .formatted(field, place, JsonLines.shown(value.toString())));
    }
}
