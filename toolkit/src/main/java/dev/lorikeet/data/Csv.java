package dev.lorikeet.data;

import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Table;

/**
 * Reads and writes tables of labelled texts as CSV (RFC 4180). It does not use Tablesaw's reader, which treats "NA" as missing,
 * truncates columns at 4,096 characters and changes line ends inside quotes, all of which occur in texts.
 */
final class Csv {

    private final Path file;
    private final String text;
    private int at;

    private Csv(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    static void write(Path file, Table table) {
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
    static Table read(Path file) {
        List<List<String>> rows = rows(file);
        if (rows.isEmpty()) {
            throw new BadFileException(file, "is empty; expected a header with the columns label and text");
        }
        List<String> header = rows.get(0);
        int label = column(header, Columns.LABEL);
        int text = column(header, Columns.TEXT);
        for (int row = 1; row < rows.size(); row++) {
            if (rows.get(row).size() != header.size()) {
                throw new BadFileException(
                        file, "row " + row + " has " + rows.get(row).size() + " fields; expected " + header.size());
            }
        }
        List<List<String>> body = rows.subList(1, rows.size());
        return Columns.table(
                String.valueOf(file.getFileName()),
                body.stream().map(row -> row.get(label)).toList(),
                body.stream().map(row -> row.get(text)).toList());
    }

    private static int column(List<String> header, String name) {
        if (!header.contains(name)) {
            throw new UnknownNameException("column", name, header);
        }
        return header.indexOf(name);
    }

    /** Returns the cells of each record, including the header. */
    static List<List<String>> rows(Path file) {
        return new Csv(file, TextFile.read(file)).rows();
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        while (at < text.length()) {
            rows.add(row());
        }
        return rows;
    }

    private List<String> row() {
        List<String> fields = new ArrayList<>();
        fields.add(field());
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            fields.add(field());
        }
        if (text.startsWith("\r\n", at)) {
            at += 2;
        } else if (at < text.length() && text.charAt(at) == '\n') {
            at++;
        } else if (at < text.length()) {
            throw new BadFileException(file, "character " + at + " follows a closing quotation mark; expected a comma");
        }
        return fields;
    }

    private String field() {
        return at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
    }

    private String bare() {
        int from = at;
        while (at < text.length() && ",\n".indexOf(text.charAt(at)) < 0 && !text.startsWith("\r\n", at)) {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted() {
        int opened = at++;
        StringBuilder value = new StringBuilder();
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw new BadFileException(file, "the quotation mark at character " + opened + " is never closed");
            }
            value.append(text, at, quote);
            at = quote + 1;
            if (!text.startsWith("\"", at)) {
                return value.toString();
            }
            value.append('"');
            at++;
        }
    }
}
