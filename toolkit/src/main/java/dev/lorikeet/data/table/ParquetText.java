package dev.lorikeet.data.table;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * Converts the values of a Parquet file to text. Classes of the hub's {@code ClassLabel} become their names; lists, maps and
 * objects become JSON.
 */
final class ParquetText {

    /** Where Python's library {@code datasets} stores the types of the columns. */
    private static final String FEATURES = "huggingface";

    private final Map<String, List<String>> classNames;

    /** @param metadata key-value metadata of the file */
    ParquetText(Map<String, String> metadata) {
        classNames = classNames(metadata.get(FEATURES));
    }

    private static Map<String, List<String>> classNames(String json) {
        Map<String, List<String>> names = new HashMap<>();
        try {
            JsonObject info = json == null ? new JsonObject() : Json.parse(json).getAsJsonObject();
            JsonObject features =
                    info.has("info") ? info.getAsJsonObject("info").getAsJsonObject("features") : new JsonObject();
            for (Map.Entry<String, JsonElement> feature : features.entrySet()) {
                if (feature.getValue() instanceof JsonObject type && type.get("names") instanceof JsonArray list) {
                    names.put(
                            feature.getKey(),
                            StreamSupport.stream(list.spliterator(), false)
                                    .map(JsonElement::getAsString)
                                    .toList());
                }
            }
        } catch (JsonParseException | IllegalStateException | ClassCastException | NullPointerException e) {
            // Without the names the numbers of the classes remain.
            return Map.of();
        }
        return names;
    }

    /** Returns the text of a cell; empty if the value is missing. */
    Optional<String> cell(Group group, int field) {
        JsonElement value = value(group, field);
        if (value.isJsonNull()) {
            return Optional.empty();
        }
        String text = value.isJsonPrimitive() ? value.getAsString() : value.toString();
        List<String> names = classNames.get(group.getType().getFieldName(field));
        return names == null ? Optional.of(text) : className(text, names);
    }

    /** Looks up a class; the hub writes -1 for a row without a label. */
    private static Optional<String> className(String text, List<String> names) {
        if (text.equals("-1")) {
            return Optional.empty();
        }
        boolean known = text.matches("\\d{1,8}") && Integer.parseInt(text) < names.size();
        return Optional.of(known ? names.get(Integer.parseInt(text)) : text);
    }

    private static JsonElement value(Group group, int field) {
        int count = group.getFieldRepetitionCount(field);
        Type type = group.getType().getType(field);
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            JsonArray list = new JsonArray();
            for (int i = 0; i < count; i++) {
                list.add(value(group, field, i));
            }
            return list;
        }
        return count == 0 ? JsonNull.INSTANCE : value(group, field, 0);
    }

    private static JsonElement value(Group group, int field, int index) {
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            return ParquetScalar.of(group, field, index, type.asPrimitiveType());
        }
        Group inner = group.getGroup(field, index);
        LogicalTypeAnnotation kind = type.getLogicalTypeAnnotation();
        if (kind instanceof ListLogicalTypeAnnotation) {
            return list(inner, type.asGroupType());
        }
        return kind instanceof MapLogicalTypeAnnotation ? map(inner) : object(inner);
    }

    /** Reads a list: a repeated group with one field, or, as old writers have it, the repeated elements themselves. */
    private static JsonElement list(Group inner, GroupType type) {
        Type repeated = type.getType(0);
        boolean wrapped = !repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1;
        JsonArray list = new JsonArray();
        for (int i = 0; i < inner.getFieldRepetitionCount(0); i++) {
            list.add(wrapped ? value(inner.getGroup(0, i), 0) : value(inner, 0, i));
        }
        return list;
    }

    private static JsonElement map(Group inner) {
        JsonObject map = new JsonObject();
        for (int i = 0; i < inner.getFieldRepetitionCount(0); i++) {
            Group entry = inner.getGroup(0, i);
            map.add(value(entry, 0).getAsString(), value(entry, 1));
        }
        return map;
    }

    private static JsonElement object(Group inner) {
        JsonObject object = new JsonObject();
        for (int field = 0; field < inner.getType().getFieldCount(); field++) {
            object.add(inner.getType().getFieldName(field), value(inner, field));
        }
        return object;
    }
}
