package dev.lorikeet.data.table;

import dev.lorikeet.base.Tables;
import dev.lorikeet.base.UnknownNameException;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The columns of a table of labelled texts. */
public final class Columns {

    public static final String LABEL = "label";
    public static final String TEXT = "text";

    /** The other text of a pair, in tables of pairs. */
    public static final String SECOND = "second";

    private Columns() {}

    /** @throws UnknownNameException if the table has no such column */
    public static Column<?> of(Table table, String name) {
        if (!table.containsColumn(name)) {
            throw new UnknownNameException("column", name, table.columnNames());
        }
        return table.column(name);
    }

    /** Returns the cells as text; a missing cell is an empty text, since Tablesaw treats empty texts as missing. */
    public static List<String> strings(Table table, String name) {
        Column<?> column = of(table, name);
        return IntStream.range(0, column.size()).mapToObj(column::getString).toList();
    }

    public static Table table(String name, List<String> labels, List<String> texts) {
        return Tables.create(name, StringColumn.create(LABEL, labels), StringColumn.create(TEXT, texts));
    }
}
