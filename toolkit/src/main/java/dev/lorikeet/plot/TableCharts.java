package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Charts of a table's columns. */
final class TableCharts {

    /** More values than this are summed up in one bar. */
    private static final int MOST_NAMES = 30;

    private TableCharts() {}

    static Chart histogram(Table table, String name) {
        double[] values = numbers(table, name);
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        BadArgumentException.unless(finite.length > 0, "column \"" + name + "\"", "empty", "at least one number");
        String title = String.format(
                Locale.ROOT,
                "%s (mean %s, largest %s)",
                capital(name),
                number(Arrays.stream(finite).average().orElseThrow()),
                number(Arrays.stream(finite).max().orElseThrow()));
        return Chart.titled(title)
                .x(Axis.of(capital(name)))
                .y(Axis.of("Rows"))
                .add(Bins.of(finite, Bins.MOST).series(capital(name)));
    }

    static Chart counts(Table table, String name) {
        Column<?> column = column(table, name);
        BadArgumentException.unless(table.rowCount() > 0, "table", "empty", "at least one row");
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int row = 0; row < column.size(); row++) {
            counts.merge(column.isMissing(row) ? "(missing)" : column.getString(row), 1, Integer::sum);
        }
        List<Map.Entry<String, Integer>> largest = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .toList();
        Map<String, Integer> shown = new LinkedHashMap<>();
        int whole = largest.size() > MOST_NAMES ? MOST_NAMES - 1 : largest.size();
        largest.subList(0, whole).forEach(entry -> shown.put(entry.getKey(), entry.getValue()));
        int others = largest.subList(whole, largest.size()).stream()
                .mapToInt(Map.Entry::getValue)
                .sum();
        String title = "Rows by " + name;
        // A bar of all others that is higher than the highest would make the others too small to see.
        if (others > largest.get(0).getValue()) {
            title += String.format(
                    Locale.ROOT, ": %d of %d values, %,d rows have others", whole, largest.size(), others);
        } else if (others > 0) {
            shown.put(largest.size() - whole + " others", others);
        }
        List<String> names = List.copyOf(shown.keySet());
        return Chart.titled(title)
                .x(Axis.of(capital(name)).categories(names))
                .y(Axis.of("Rows"))
                .add(Series.bars(
                                "Rows",
                                IntStream.range(0, names.size())
                                        .asDoubleStream()
                                        .toArray(),
                                shown.values().stream()
                                        .mapToDouble(Integer::doubleValue)
                                        .toArray())
                        .labels(names));
    }

    static Chart scatter(Table table, String x, String y) {
        return axes(x, y).markers(capital(y), numbers(table, x), numbers(table, y));
    }

    static Chart scatter(Table table, String x, String y, String by) {
        Column<?> names = column(table, by);
        double[] xs = numbers(table, x);
        double[] ys = numbers(table, y);
        Chart chart = axes(x, y);
        for (String name : new LinkedHashSet<>(names.asStringColumn().asList())) {
            int[] rows = IntStream.range(0, table.rowCount())
                    .filter(row -> names.getString(row).equals(name))
                    .toArray();
            chart = chart.markers(name, at(rows, xs), at(rows, ys));
        }
        return chart;
    }

    static Chart lines(Table table, String x, String... ys) {
        BadArgumentException.unless(ys.length > 0, "columns", "none", "at least one column for the y axis");
        double[] xs = numbers(table, x);
        int[] order = IntStream.range(0, xs.length)
                .boxed()
                .sorted((a, b) -> Double.compare(xs[a], xs[b]))
                .mapToInt(row -> row)
                .toArray();
        String all = String.join(", ", ys);
        Chart chart = axes(x, ys.length == 1 ? ys[0] : "value").title(capital(all) + " over " + x);
        for (String y : ys) {
            chart = chart.line(capital(y), at(order, xs), at(order, numbers(table, y)));
        }
        return chart;
    }

    private static Chart axes(String x, String y) {
        return Chart.titled(capital(y) + " over " + x).x(Axis.of(capital(x))).y(Axis.of(capital(y)));
    }

    private static double[] at(int[] rows, double[] values) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
    }

    private static double[] numbers(Table table, String name) {
        Column<?> column = column(table, name);
        return IntStream.range(0, column.size())
                .mapToDouble(row -> number(column, row))
                .toArray();
    }

    /** The number in a row; NaN if it is missing. */
    static double number(Column<?> column, int row) {
        BadArgumentException.unless(
                column instanceof NumericColumn,
                "column \"" + column.name() + "\"",
                column.type(),
                "numbers; Plots.counts(table, column) takes any column");
        return column.isMissing(row) ? Double.NaN : ((NumericColumn<?>) column).getDouble(row);
    }

    /** The column of that name; the names of Tablesaw's columns ignore case. */
    static Column<?> column(Table table, String name) {
        if (!table.containsColumn(name)) {
            throw new UnknownNameException("column", name, table.columnNames());
        }
        return table.column(name);
    }

    static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String number(double value) {
        return Look.number().format(Look.rounded(value));
    }
}
