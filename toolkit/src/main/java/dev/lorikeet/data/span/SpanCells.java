package dev.lorikeet.data.span;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.Json;
import dev.lorikeet.text.span.Span;
import java.util.List;

/** Reads the cells of a column of spans, each a JSON list. */
final class SpanCells {

    private static final String EXPECTED =
            "a JSON list of spans, such as [{\"start\": 0, \"end\": 6, \"label\": \"place\"}] or [[0, 6, \"place\"]]";

    /** Keys of the label, as spaCy, doccano and transformers' pipelines have them. */
    private static final List<String> LABELS = List.of("label", "entity_group", "entity", "type");

    private SpanCells() {}

    /** @param where the cell stands, for messages */
    static List<Span> read(String cell, String where) {
        if (cell.isBlank()) {
            return List.of();
        }
        try {
            return Json.list(Json.parse(cell), where, SpanCells::span);
        } catch (JsonParseException | BadArgumentException e) {
            throw new BadArgumentException(where, cell, EXPECTED);
        }
    }

    private static Span span(JsonElement element, String name) {
        if (element.isJsonArray()) {
            JsonArray parts = element.getAsJsonArray();
            BadArgumentException.unless(parts.size() == 3, name, element, EXPECTED);
            return new Span(
                    Json.integer(parts.get(0), name), Json.integer(parts.get(1), name), Json.text(parts.get(2), name));
        }
        JsonObject object = Json.object(element, name);
        String key = LABELS.stream().filter(object::has).findFirst().orElse("label");
        return new Span(
                Json.integer(object.get("start"), "start"),
                Json.integer(object.get("end"), "end"),
                Json.text(object.get(key), key));
    }

    /** Reads a JSON list of words or of tags. */
    static List<String> words(String cell, String where) {
        try {
            return Json.list(Json.parse(cell), where, Json::text);
        } catch (JsonParseException | BadArgumentException e) {
            throw new BadArgumentException(where, cell, "a JSON list of texts, such as [\"in\", \"Rome\"]");
        }
    }
}
