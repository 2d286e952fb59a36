package dev.lorikeet.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Reads a table from a file of the user; the extension tells the format. Every column is read as text. */
final class TableFile {

    /** The extensions that are read, for messages. */
    static final String FORMATS = ".csv, .tsv, .jsonl, .json, .parquet or .txt, which may be compressed (.csv.gz)";

    private static final String PARQUET = "parquet";

    private final Path file;
    private final List<String> columns;

    /** @param columns names of the columns, if a CSV or TSV file has no header */
    TableFile(Path file, List<String> columns) {
        this.file = file;
        this.columns = columns;
    }

    /** Whether a file's name has an extension that is read. */
    static boolean isReadable(String name) {
        String format = format(name);
        return List.of("csv", "tsv", "jsonl", "ndjson", "json", "txt", PARQUET).contains(format)
                && !(TextFile.isCompressed(name) && format.equals(PARQUET));
    }

    private static String format(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        return plain.substring(plain.lastIndexOf('.') + 1);
    }

    Table read() {
        FileCheck.exists(file);
        String name = String.valueOf(file.getFileName());
        if (!isReadable(name)) {
            throw new BadFileException(file, "has a format that is not supported; expected " + FORMATS);
        }
        String format = format(name);
        BadArgumentException.unless(
                columns.isEmpty() || List.of("csv", "tsv").contains(format),
                "columns",
                columns,
                "no names, since a ." + format
                        + " file has its own; names are for .csv and .tsv files without a header");
        return switch (format) {
            case "csv" -> withHeader(Csv.rows(file));
            case "tsv" -> withHeader(tsvRows());
            case "json" -> objects(JsonTable.read(file));
            case PARQUET -> parquet();
            case "txt" -> table(List.of(Columns.TEXT), lines());
            default -> jsonLines();
        };
    }

    /** Splits each line at tabs; a quotation mark is an ordinary character. */
    private List<List<String>> tsvRows() {
        return TextFile.read(file)
                .lines()
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    /** Takes the lines that are not empty. */
    private List<List<String>> lines() {
        return TextFile.read(file)
                .lines()
                .filter(line -> !line.isBlank())
                .map(List::of)
                .toList();
    }

    private Table parquet() {
        List<String> names = ParquetRows.columns(file);
        List<List<String>> rows = new ArrayList<>();
        ParquetRows.read(
                file,
                names,
                row -> rows.add(
                        names.stream().map(name -> row.getOrDefault(name, "")).toList()));
        return table(names, rows);
    }

    private Table jsonLines() {
        List<JsonObject> rows = new ArrayList<>();
        JsonLines.read(file, rows::add);
        return objects(rows);
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

    /** Takes the first row as header unless column names are given, and skips empty lines. */
    private Table withHeader(List<List<String>> rows) {
        boolean inFile = columns.isEmpty() && !rows.isEmpty();
        List<String> names = inFile ? rows.get(0) : columns;
        if (names.size() == 1 && names.get(0).matches(".*[;\\t].*")) {
            throw new BadFileException(
                    file,
                    "its header is the single column \"" + names.get(0)
                            + "\"; expected commas between the columns (.csv), or tabs (.tsv)");
        }
        List<List<String>> body = inFile ? rows.subList(1, rows.size()) : rows;
        return table(
                names,
                names.size() == 1
                        ? body
                        : body.stream().filter(row -> !row.equals(List.of(""))).toList());
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
        return Tables.create(
                String.valueOf(file.getFileName()),
                IntStream.range(0, names.size())
                        .mapToObj(i -> column(names.get(i), i, body))
                        .toArray(StringColumn[]::new));
    }

    private static StringColumn column(String name, int index, List<List<String>> body) {
        return StringColumn.create(name, body.stream().map(row -> row.get(index)));
    }
}
