package dev.lorikeet.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Reads a table from a file of the user; the extension tells the format. Every column is read as text. */
final class TableFile {

    private static final String FORMATS = "a .csv, .tsv, .jsonl, .json or .txt file";

    private final Path file;
    private final List<String> columns;

    /** @param columns names of the columns, if a CSV or TSV file has no header */
    TableFile(Path file, List<String> columns) {
        this.file = file;
        this.columns = columns;
    }

    Table read() {
        String name = String.valueOf(file.getFileName());
        return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "csv" -> withHeader(Csv.rows(file));
            case "tsv" -> withHeader(tsvRows());
            case "jsonl", "ndjson" -> jsonLines();
            case "json" -> objects(jsonList());
            case "txt" -> table(List.of(Columns.TEXT), paragraphs());
            default -> throw new BadFileException(file, "has a format that is not supported; expected " + FORMATS);
        };
    }

    /** Splits each line at tabs; a quotation mark is an ordinary character. */
    private List<List<String>> tsvRows() {
        return TextFile.read(file)
                .lines()
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    /** Splits the text at empty lines. */
    private List<List<String>> paragraphs() {
        return Stream.of(TextFile.read(file).split("\\R\\s*\\R"))
                .map(String::strip)
                .filter(paragraph -> !paragraph.isEmpty())
                .map(List::of)
                .toList();
    }

    private Table jsonLines() {
        List<JsonObject> rows = new ArrayList<>();
        JsonLines.read(file, rows::add);
        return objects(rows);
    }

    private List<JsonObject> jsonList() {
        try {
            return StreamSupport.stream(
                            Json.parse(TextFile.read(file)).getAsJsonArray().spliterator(), false)
                    .map(JsonElement::getAsJsonObject)
                    .toList();
        } catch (JsonParseException | IllegalStateException e) {
            throw new BadFileException(file, "is not a JSON list of objects: " + e.getMessage(), e);
        }
    }

    private Table objects(List<JsonObject> objects) {
        Set<String> names = new LinkedHashSet<>();
        objects.forEach(object -> names.addAll(object.keySet()));
        List<List<String>> rows = objects.stream()
                .map(object ->
                        names.stream().map(name -> cell(object.get(name))).toList())
                .toList();
        return table(List.copyOf(names), rows);
    }

    /** Converts a value to text: a list or an object as JSON, null as an empty text. */
    private static String cell(JsonElement value) {
        if (value == null || value.isJsonNull()) {
            return "";
        }
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    /** Takes the first row as header unless column names are given. */
    private Table withHeader(List<List<String>> rows) {
        return columns.isEmpty() && !rows.isEmpty()
                ? table(rows.get(0), rows.subList(1, rows.size()))
                : table(columns, rows);
    }

    private Table table(List<String> names, List<List<String>> body) {
        if (body.isEmpty()) {
            throw new BadFileException(file, "has no rows");
        }
        if (Set.copyOf(names).size() < names.size()) {
            throw new BadFileException(file, "has several columns of the same name: " + String.join(", ", names));
        }
        for (int row = 0; row < body.size(); row++) {
            if (body.get(row).size() != names.size()) {
                throw new BadFileException(
                        file,
                        "row %d has %d fields; expected %d: %s"
                                .formatted(row, body.get(row).size(), names.size(), String.join(", ", names)));
            }
        }
        return Table.create(
                String.valueOf(file.getFileName()),
                IntStream.range(0, names.size())
                        .mapToObj(i -> column(names.get(i), i, body))
                        .toArray(StringColumn[]::new));
    }

    private static StringColumn column(String name, int index, List<List<String>> body) {
        return StringColumn.create(name, body.stream().map(row -> row.get(index)));
    }
}
