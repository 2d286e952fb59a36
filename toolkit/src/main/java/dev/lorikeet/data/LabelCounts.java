package dev.lorikeet.data;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Quantities;
import dev.lorikeet.data.table.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tech.tablesaw.api.Table;

/**
 * The number of rows of each label in each part of a data set. A part is a line; where there are many labels, a label is.
 *
 * @param rows by part
 * @param counts by part and label
 */
record LabelCounts(List<String> labels, Map<String, Integer> rows, Map<String, Map<String, Integer>> counts) {

    private static final int MOST_COLUMNS = 6;
    private static final int MOST_LINES = 30;
    private static final int WIDTH = 8;

    static LabelCounts of(List<String> labels, Map<String, Table> parts) {
        Map<String, Integer> rows = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
        parts.forEach((name, table) -> {
            Map<String, Integer> count = new LinkedHashMap<>();
            labels.forEach(label -> count.put(label, 0));
            Columns.strings(table, Columns.LABEL).stream()
                    .flatMap(cell -> LabelCells.of(cell, labels).stream())
                    .forEach(label -> count.merge(label, 1, Integer::sum));
            rows.put(name, table.rowCount());
            counts.put(name, count);
        });
        return new LabelCounts(labels, rows, counts);
    }

    private boolean isWide() {
        return labels.size() > MOST_COLUMNS;
    }

    /** The lines of the table, the header first. */
    private List<List<Object>> lines() {
        List<List<Object>> lines = new ArrayList<>();
        if (!isWide()) {
            lines.add(line("", "rows", labels));
            counts.forEach((part, count) -> lines.add(
                    line(part, rows.get(part), labels.stream().map(count::get).toList())));
            return lines;
        }
        List<String> parts = List.copyOf(counts.keySet());
        lines.add(line("", parts));
        lines.add(line("rows", parts.stream().map(rows::get).toList()));
        for (String label : labels.subList(0, Math.min(MOST_LINES, labels.size()))) {
            lines.add(line(
                    label,
                    parts.stream().map(part -> counts.get(part).get(label)).toList()));
        }
        return lines;
    }

    private static List<Object> line(Object first, List<?> others) {
        List<Object> line = new ArrayList<>(List.of(first));
        line.addAll(others);
        return line;
    }

    private static List<Object> line(Object first, Object second, List<?> others) {
        return line(first, line(second, others));
    }

    private String rest() {
        return isWide() && labels.size() > MOST_LINES
                ? Quantities.counted(labels.size() - MOST_LINES, "more label")
                : "";
    }

    String html() {
        List<List<Object>> lines = lines();
        HtmlTable table =
                HtmlTable.of(lines.get(0).stream().map(Object::toString).toList());
        lines.subList(1, lines.size()).forEach(table::row);
        return table.caption(rest()).html();
    }

    @Override
    public String toString() {
        List<List<Object>> lines = lines();
        int first =
                lines.stream().mapToInt(line -> line.get(0).toString().length()).reduce(10, Math::max);
        StringBuilder text = new StringBuilder();
        for (List<Object> line : lines) {
            text.append(text.isEmpty() ? "" : System.lineSeparator())
                    .append(String.format("%-" + first + "s", line.get(0)));
            for (int i = 1; i < line.size(); i++) {
                int width = Math.max(WIDTH, lines.get(0).get(i).toString().length());
                text.append(String.format(
                        Locale.ROOT, line.get(i) instanceof Integer ? " %," + width + "d" : " %8s", line.get(i)));
            }
        }
        return rest().isEmpty() ? text.toString() : text + System.lineSeparator() + "… " + rest();
    }
}
