package dev.lorikeet.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Reads a JSON file as rows: a list of objects; an object with such a list under one name; or columns, an object of lists or,
 * as pandas writes it, of objects by row number.
 */
final class JsonTable {

    private static final String EXPECTED = "is not a JSON list of objects, nor an object of lists of the same length";

    private JsonTable() {}

    static List<JsonObject> read(Path file) {
        try {
            JsonElement root = Json.parse(TextFile.read(file));
            if (root.isJsonArray()) {
                return objects(root.getAsJsonArray());
            }
            JsonObject object = root.getAsJsonObject();
            if (object.size() == 1 && isListOfObjects(values(object).get(0))) {
                return objects(values(object).get(0).getAsJsonArray());
            }
            return rows(object, file);
        } catch (JsonParseException | IllegalStateException e) {
            throw new BadFileException(file, EXPECTED + ": " + e.getMessage(), e);
        }
    }

    private static List<JsonElement> values(JsonObject object) {
        return object.entrySet().stream().map(Map.Entry::getValue).toList();
    }

    private static boolean isListOfObjects(JsonElement value) {
        return value instanceof JsonArray list && list.size() > 0 && list.get(0).isJsonObject();
    }

    private static List<JsonObject> objects(JsonArray list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static List<JsonObject> rows(JsonObject columns, Path file) {
        List<JsonObject> rows = new ArrayList<>();
        boolean first = true;
        for (Map.Entry<String, JsonElement> column : columns.entrySet()) {
            List<JsonElement> cells = cells(column.getValue(), file);
            if (!first && cells.size() != rows.size()) {
                throw new BadFileException(
                        file,
                        EXPECTED
                                + ": \"%s\" has %d values and those before it %d"
                                        .formatted(column.getKey(), cells.size(), rows.size()));
            }
            for (int row = 0; row < cells.size(); row++) {
                if (first) {
                    rows.add(new JsonObject());
                }
                rows.get(row).add(column.getKey(), cells.get(row));
            }
            first = false;
        }
        if (first) {
            throw new BadFileException(file, EXPECTED);
        }
        return rows;
    }

    private static List<JsonElement> cells(JsonElement column, Path file) {
        if (column instanceof JsonArray list) {
            List<JsonElement> cells = new ArrayList<>();
            list.forEach(cells::add);
            return cells;
        }
        if (column instanceof JsonObject byRow) {
            return values(byRow);
        }
        throw new BadFileException(file, EXPECTED);
    }
}
