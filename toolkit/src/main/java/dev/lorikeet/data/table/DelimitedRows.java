package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.UnknownNameException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The rows of a file, such as CSV or TSV, each with as many cells as there are columns. */
record DelimitedRows(ColumnNames names, List<List<String>> rows) {

    private static final Pattern OTHER_SEPARATORS = Pattern.compile("[,;|]");
    private static final String TSV_ADVICE =
            "No text in a .tsv file holds a tab or a line break; quotation marks count if the file is named .csv";
    private static final int MOST_NAMED = 20;

    /**
     * Reads a CSV file.
     *
     * @param names of the columns; empty: the first row has them
     * @throws BadFileException if a row has another number of cells, or quotation marks do not pair; it names the line
     */
    static DelimitedRows csv(Path file, List<String> names) {
        return csv(TextFile.read(file), file, names);
    }

    /** Reads a text in the format of CSV; see {@link #csv(Path, List)}. */
    static DelimitedRows csv(String text, Path file, List<String> names) {
        CsvSeparator separator = CsvSeparator.of(text, names.size());
        String advice =
                "Columns are separated by %s here; a text that holds one, or a line break, stands in quotation marks"
                        .formatted(separator.name());
        return of(file, CsvRows.of(file, text, separator), names, advice);
    }

    /** Reads a TSV file: cuts each line at tabs; a quotation mark is an ordinary character. */
    static DelimitedRows tsv(Path file, List<String> names) {
        List<String> lines = TextFile.read(file).lines().toList();
        List<TableRow> rows = IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).isEmpty())
                .mapToObj(i -> new TableRow(i + 1, List.of(lines.get(i).split("\t", -1))))
                .toList();
        String header = rows.isEmpty() ? "" : rows.get(0).cells().get(0);
        if (names.isEmpty()
                && rows.stream().limit(1).allMatch(row -> row.cells().size() == 1)
                && OTHER_SEPARATORS.matcher(header).find()) {
            throw new BadFileException(
                    file,
                    "its header is the single column \"" + header
                            + "\"; expected tabs between the columns (.tsv), or a name that ends in .csv");
        }
        return of(file, rows, names, TSV_ADVICE);
    }

    /** Drops empty cells beyond the header, and adds those that lack in columns without a name. */
    private static DelimitedRows of(Path file, List<TableRow> rows, List<String> names, String advice) {
        if (rows.isEmpty()) {
            throw new BadFileException(file, "is empty");
        }
        boolean inFile = names.isEmpty();
        ColumnNames columns = ColumnNames.of(inFile ? rows.get(0).cells() : names);
        List<List<String>> body = new ArrayList<>();
        for (TableRow row : rows.subList(inFile ? 1 : 0, rows.size())) {
            body.add(fitted(row, columns, file, advice));
        }
        return new DelimitedRows(columns, body);
    }

    private static List<String> fitted(TableRow row, ColumnNames names, Path file, String advice) {
        int expected = names.given().size();
        List<String> cells = row.cells();
        int count = cells.size();
        if (count == expected) {
            return cells;
        }
        if (count > expected && cells.subList(expected, count).stream().allMatch(String::isBlank)) {
            return cells.subList(0, expected);
        }
        if (count < expected && IntStream.range(count, expected).noneMatch(names::isNamed)) {
            List<String> filled = new ArrayList<>(cells);
            filled.addAll(Collections.nCopies(expected - count, ""));
            return filled;
        }
        List<String> shown = names.unique().subList(0, Math.min(MOST_NAMED, expected));
        throw new BadFileException(
                file,
                "line %d has %s; expected %d: %s%s. %s"
                        .formatted(
                                row.line(),
                                Quantities.counted(count, "field"),
                                expected,
                                String.join(", ", shown),
                                shown.size() < expected ? ", …" : "",
                                advice));
    }

    boolean has(String column) {
        return names.unique().contains(column);
    }

    /**
     * Returns the cells of a column.
     *
     * @throws UnknownNameException if there is none of this name
     */
    List<String> column(String name) {
        int index = names.unique().indexOf(name);
        if (index < 0) {
            throw new UnknownNameException("column", name, names.unique());
        }
        return rows.stream().map(row -> row.get(index)).toList();
    }
}
