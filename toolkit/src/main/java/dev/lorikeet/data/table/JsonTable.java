package dev.lorikeet.data.table;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads a JSON file as rows: a list of objects; an object with such a list under one name; columns, which are an object of lists
 * or of objects by row number; the other forms that pandas writes; or an object in each line.
 */
final class JsonTable {

    private static final String EXPECTED = "is not a JSON list of objects, nor an object of lists of the same length";

    private final Path file;

    private JsonTable(Path file) {
        this.file = file;
    }

    /** @throws BadFileException if the file has another form or is damaged; it names the place */
    static List<JsonObject> read(Path file) {
        String text = TextFile.read(file);
        if (text.isBlank()) {
            throw new BadFileException(file, "is empty");
        }
        try {
            return new JsonTable(file).rows(Json.parse(text));
        } catch (JsonParseException e) {
            if (JsonLines.fits(text)) {
                List<JsonObject> rows = new ArrayList<>();
                JsonLines.parse(text, file, row -> rows.add(row.object()));
                return rows;
            }
            throw new BadFileException(file, "is damaged JSON: " + JsonProblem.of(e, 1), e);
        }
    }

    private List<JsonObject> rows(JsonElement root) {
        if (root instanceof JsonArray list) {
            return objects(list);
        }
        if (!(root instanceof JsonObject object) || object.size() == 0) {
            throw bad(JsonLines.shown(root.toString()));
        }
        if (object.get("columns") instanceof JsonArray names
                && object.get("data") instanceof JsonArray cells
                && cells.size() > 0
                && cells.get(0).isJsonArray()) {
            return split(names, cells);
        }
        List<JsonElement> lists = values(object, JsonElement::isJsonArray);
        List<JsonElement> rows = values(object, JsonTable::isListOfObjects);
        if (lists.size() == 1 && rows.size() == 1) {
            return objects(rows.get(0).getAsJsonArray());
        }
        if (rows.size() > 1 && rows.size() == object.size()) {
            throw new BadFileException(
                    file,
                    "has rows under several names (" + String.join(", ", object.keySet())
                            + "); save each list in a file of its own");
        }
        boolean byRow = values(object, JsonElement::isJsonObject).size() == object.size();
        return byRow && object.keySet().stream().allMatch(key -> key.matches("\\d+"))
                ? values(object, JsonElement::isJsonObject).stream()
                        .map(JsonElement::getAsJsonObject)
                        .toList()
                : columns(object);
    }

    private BadFileException bad(String problem) {
        return new BadFileException(file, EXPECTED + ": " + problem);
    }

    private static List<JsonElement> values(JsonObject object, Predicate<JsonElement> kind) {
        return object.entrySet().stream().map(Map.Entry::getValue).filter(kind).toList();
    }

    private static boolean isListOfObjects(JsonElement value) {
        return value instanceof JsonArray list && list.size() > 0 && list.get(0).isJsonObject();
    }

    private List<JsonObject> objects(JsonArray list) {
        List<JsonObject> rows = new ArrayList<>();
        for (JsonElement item : list) {
            if (!(item instanceof JsonObject row)) {
                throw bad("item " + (rows.size() + 1) + " of the list is " + JsonLines.shown(item.toString()));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Reads what pandas writes with {@code orient="split"}: names, and lists of cells. */
    private List<JsonObject> split(JsonArray names, JsonArray cells) {
        List<JsonObject> rows = new ArrayList<>();
        for (JsonElement item : cells) {
            if (!(item instanceof JsonArray list) || list.size() != names.size()) {
                throw bad("row " + (rows.size() + 1) + " of \"data\" is " + JsonLines.shown(item.toString())
                        + "; expected a list of " + names.size() + " values");
            }
            JsonObject row = new JsonObject();
            for (int i = 0; i < names.size(); i++) {
                row.add(TableFile.cell(names.get(i)), list.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    private List<JsonObject> columns(JsonObject columns) {
        Map<String, JsonObject> rows = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> column : columns.entrySet()) {
            Map<String, JsonElement> cells = cells(column.getKey(), column.getValue());
            if (!rows.isEmpty() && cells.size() != rows.size()) {
                throw bad("\"%s\" has %d values and those before it %d"
                        .formatted(column.getKey(), cells.size(), rows.size()));
            }
            cells.forEach((row, cell) ->
                    rows.computeIfAbsent(row, key -> new JsonObject()).add(column.getKey(), cell));
        }
        return List.copyOf(rows.values());
    }

    /** Returns the cells of a column by row. */
    private Map<String, JsonElement> cells(String name, JsonElement column) {
        Map<String, JsonElement> cells = new LinkedHashMap<>();
        if (column instanceof JsonArray list) {
            list.forEach(cell -> cells.put(String.valueOf(cells.size()), cell));
        } else if (column instanceof JsonObject byRow) {
            byRow.entrySet().forEach(cell -> cells.put(cell.getKey(), cell.getValue()));
        } else {
            throw bad("\"" + name + "\" is " + JsonLines.shown(column.toString()));
        }
        return cells;
    }
}
