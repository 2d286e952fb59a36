package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.base.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A table that was read from a file.
 *
 * @param notes what is not as in the file: columns that were left out or got another name
 */
public record ReadTable(Table table, List<String> notes) {

    /** Makes a table of texts; leaves out the columns that have neither a name nor anything in them. */
    static ReadTable of(Path file, ColumnNames names, List<List<String>> rows) {
        if (rows.isEmpty()) {
            throw new BadFileException(file, "has no rows");
        }
        List<StringColumn> columns = new ArrayList<>();
        int empty = 0;
        for (int i = 0; i < names.unique().size(); i++) {
            int index = i;
            if (names.isNamed(i)
                    || rows.stream().anyMatch(row -> !row.get(index).isBlank())) {
                columns.add(
                        StringColumn.create(names.unique().get(i), rows.stream().map(row -> row.get(index))));
            } else {
                empty++;
            }
        }
        if (columns.isEmpty()) {
            throw new BadFileException(file, "has rows, but neither names of columns nor anything in them");
        }
        List<String> notes = new ArrayList<>();
        if (empty > 0) {
            notes.add("left out " + Quantities.counted(empty, "column") + " without name or content");
        }
        if (!names.renamed().isEmpty()) {
            notes.add("renamed " + String.join(", ", names.renamed()) + ", since the name was taken");
        }
        Table table = Tables.create(String.valueOf(file.getFileName()), columns.toArray(StringColumn[]::new));
        return new ReadTable(table, notes);
    }

    /** Says how many rows there are and which columns, and what is not as in the file. */
    @Override
    public String toString() {
        return Quantities.counted(table.rowCount(), "row")
                + ", columns " + String.join(", ", table.columnNames())
                + (notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")");
    }
}
