package dev.lorikeet.data.table;

import dev.lorikeet.base.file.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Writes tables of labelled texts as CSV (RFC 4180), and reads them. */
public final class Csv {

    private Csv() {}

    public static void write(Path file, Table table) {
        List<String> names = Stream.of(Columns.LABEL, Columns.TEXT, Columns.SECOND)
                .filter(name -> !name.equals(Columns.SECOND) || table.containsColumn(name))
                .toList();
        List<List<String>> columns =
                names.stream().map(name -> Columns.strings(table, name)).toList();
        StringBuilder csv = new StringBuilder(String.join(",", names) + "\n");
        for (int row = 0; row < table.rowCount(); row++) {
            int at = row;
            csv.append(columns.stream().map(column -> field(column.get(at))).collect(Collectors.joining(",")))
                    .append('\n');
        }
        AtomicFiles.writeText(file, csv.toString());
    }

    /** Quotes a value unless it is a plain word, so that no reader trims it. */
    private static String field(String value) {
        return value.matches("[\\w-]+") ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    /** Reads the columns {@code label} and {@code text}, and {@code second} if there is one; others are ignored. */
    public static Table read(Path file) {
        DelimitedRows rows = DelimitedRows.csv(file, List.of());
        Table table = Columns.table(
                String.valueOf(file.getFileName()), rows.column(Columns.LABEL), rows.column(Columns.TEXT));
        return rows.has(Columns.SECOND)
                ? table.addColumns(StringColumn.create(Columns.SECOND, rows.column(Columns.SECOND)))
                : table;
    }

    /** Reads labelled texts from two columns of a text in the format of CSV. */
    public static Table parse(String text, Path forErrors, String labels, String texts) {
        DelimitedRows rows = DelimitedRows.csv(text, forErrors, List.of());
        return Columns.table("", rows.column(labels), rows.column(texts));
    }
}
