package dev.lorikeet.notebook.view;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Renders a Tablesaw table: its first and last rows and the number of rows. */
public final class TableView {

    private static final int MOST_ROWS = 20;
    private static final int HEAD = 10;
    private static final int TAIL = 5;
    private static final int MOST_COLUMNS = 20;
    private static final int LONGEST_TEXT = 60;

    private TableView() {}

    public static String html(Table table) {
        int rows = table.rowCount();
        List<Column<?>> columns = columns(table);
        HtmlTable html =
                HtmlTable.of(columns.stream().map(Column::name).toList()).caption(caption(table));
        if (table.name() != null) {
            html.title(table.name());
        }
        boolean cut = rows > MOST_ROWS;
        IntStream.range(0, cut ? HEAD : rows).forEach(row -> html.row(cells(columns, row)));
        if (cut) {
            html.row(columns.stream().map(column -> "⋮").toList());
            IntStream.range(rows - TAIL, rows).forEach(row -> html.row(cells(columns, row)));
        }
        return html.html();
    }

    public static String text(Table table) {
        int rows = table.rowCount();
        boolean cut = rows > MOST_ROWS;
        Table shown = Tables.create(table.name());
        for (Column<?> column : columns(table)) {
            StringColumn texts = StringColumn.create(column.name());
            IntStream.range(0, cut ? HEAD : rows).forEach(row -> texts.append(cell(column, row)));
            if (cut) {
                texts.append("⋮");
                IntStream.range(rows - TAIL, rows).forEach(row -> texts.append(cell(column, row)));
            }
            shown.addColumns(texts);
        }
        return shown.printAll() + System.lineSeparator() + caption(table);
    }

    private static String cell(Column<?> column, int row) {
        if (column.isMissing(row)) {
            return "–";
        }
        String text = column.get(row) instanceof Number number ? HtmlTable.format(number) : column.getString(row);
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    private static List<Column<?>> columns(Table table) {
        List<Column<?>> columns = table.columns();
        return columns.subList(0, Math.min(MOST_COLUMNS, columns.size()));
    }

    private static List<Object> cells(List<Column<?>> columns, int row) {
        List<Object> cells = new ArrayList<>();
        for (Column<?> column : columns) {
            Object value = column.isMissing(row) ? null : column.get(row);
            cells.add(value instanceof Number || value == null ? value : column.getString(row));
        }
        return cells;
    }

    private static String caption(Table table) {
        String size = String.format(
                Locale.ROOT,
                "%,d %s × %d %s",
                table.rowCount(),
                table.rowCount() == 1 ? "row" : "rows",
                table.columnCount(),
                table.columnCount() == 1 ? "column" : "columns");
        return table.columnCount() <= MOST_COLUMNS ? size : size + ", the first " + MOST_COLUMNS + " shown";
    }
}
