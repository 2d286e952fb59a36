package dev.lorikeet.data.table;

import dev.lorikeet.base.file.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import tech.tablesaw.api.Table;

/** Writes tables of labelled texts as CSV (RFC 4180), and reads them. */
public final class Csv {

    private Csv() {}

    public static void write(Path file, Table table) {
        List<String> labels = Columns.strings(table, Columns.LABEL);
        List<String> texts = Columns.strings(table, Columns.TEXT);
        StringBuilder csv = new StringBuilder(Columns.LABEL + "," + Columns.TEXT + "\n");
        for (int row = 0; row < labels.size(); row++) {
            csv.append(field(labels.get(row)))
                    .append(',')
                    .append(field(texts.get(row)))
                    .append('\n');
        }
        AtomicFiles.writeText(file, csv.toString());
    }

    /** Quotes a value unless it is a plain word, so that no reader trims it. */
    private static String field(String value) {
        return value.matches("[\\w-]+") ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    /** Reads the columns {@code label} and {@code text}; others are ignored. */
    public static Table read(Path file) {
        DelimitedRows rows = DelimitedRows.csv(file, List.of());
        return Columns.table(String.valueOf(file.getFileName()), rows.column(Columns.LABEL), rows.column(Columns.TEXT));
    }

    /** Reads labelled texts from two columns of a text in the format of CSV. */
    public static Table parse(String text, Path forErrors, String labels, String texts) {
        DelimitedRows rows = DelimitedRows.csv(text, forErrors, List.of());
        return Columns.table("", rows.column(labels), rows.column(texts));
    }
}
