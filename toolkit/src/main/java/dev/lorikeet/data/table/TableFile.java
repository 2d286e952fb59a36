package dev.lorikeet.data.table;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads a table from a file of the user, or from a folder of files; the extension tells the format. Every column is read as text. */
public final class TableFile {

    /** The extensions that are read, for messages. */
    public static final String FORMATS =
            ".csv, .tsv, .jsonl, .json, .parquet or .txt, which may be compressed (.csv.gz)";

    private static final String PARQUET = "parquet";

    private final Path file;
    private final List<String> columns;

    /** @param columns names of the columns, if a CSV or TSV file has no header */
    public TableFile(Path file, List<String> columns) {
        this.file = file;
        this.columns = columns;
    }

    /** Whether a file's name has an extension that is read. */
    public static boolean isReadable(String name) {
        String format = format(name);
        return List.of("csv", "tsv", "jsonl", "ndjson", "json", "txt", PARQUET).contains(format)
                && !(TextFile.isCompressed(name) && format.equals(PARQUET));
    }

    static String format(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        return plain.substring(plain.lastIndexOf('.') + 1);
    }

    public ReadTable read() {
        if (Files.isDirectory(file)) {
            return TableFolder.read(file, columns);
        }
        DelimitedRows rows = rows();
        return ReadTable.of(file, rows.names(), rows.rows());
    }

    /** Reads the rows, of which there may be none. */
    DelimitedRows rows() {
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
            case "csv" -> DelimitedRows.csv(file, columns);
            case "tsv" -> DelimitedRows.tsv(file, columns);
            case "json" -> objects(JsonTable.read(file));
            case PARQUET -> parquetOfThisVersion();
            case "txt" -> rows(List.of(Columns.TEXT), texts());
            default -> TextFile.startsWith(file, '[') ? objects(JsonTable.read(file)) : jsonLines();
        };
    }

    /** The reader's own classes cannot be loaded where Spark's older ones come first. */
    private DelimitedRows parquetOfThisVersion() {
        try {
            return parquet();
        } catch (LinkageError e) {
            throw new LorikeetException(
                    ("%s cannot be read: another version of the Parquet library stands before Lorikeet's on the class path, as that of "
                                    + "Spark 3.5 does. Spark itself can read it: SparkCluster.table(spark.read().parquet(\"%s\"))")
                            .formatted(file, file),
                    e);
        }
    }

    private DelimitedRows parquet() {
        List<String> names = ParquetRows.columns(file);
        List<List<String>> rows = new ArrayList<>();
        ParquetRows.read(
                file,
                names,
                row -> rows.add(
                        names.stream().map(name -> row.getOrDefault(name, "")).toList()));
        return rows(names, rows);
    }

    private DelimitedRows jsonLines() {
        List<JsonObject> rows = new ArrayList<>();
        JsonLines.read(file, row -> rows.add(row.object()));
        return objects(rows);
    }

    private DelimitedRows objects(List<JsonObject> objects) {
        Set<String> names = new LinkedHashSet<>();
        objects.forEach(object -> names.addAll(object.keySet()));
        List<List<String>> rows = objects.stream()
                .map(object ->
                        names.stream().map(name -> cell(object.get(name))).toList())
                .toList();
        return rows(List.copyOf(names), rows);
    }

    /** Converts a value to text: a list or an object as JSON, null as an empty text. */
    static String cell(JsonElement value) {
        if (value == null || value.isJsonNull()) {
            return "";
        }
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    /** Takes the lines that are not empty. */
    private List<List<String>> texts() {
        return TextFile.read(file)
                .lines()
                .filter(line -> !line.isBlank())
                .map(List::of)
                .toList();
    }

    private static DelimitedRows rows(List<String> names, List<List<String>> rows) {
        return new DelimitedRows(ColumnNames.of(names), rows);
    }
}
