package dev.lorikeet.train.score;

import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.Tables;
import dev.lorikeet.train.score.ClassificationReport.ClassScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How a report of precision, recall and F1 looks.
 *
 * @param named what the rows are, such as "Label"
 * @param counted what the support counts, such as "Texts"
 * @param averages come after the rows, the one to look at first
 */
record ScoreRows(String title, String named, String counted, List<ClassScore> rows, List<ClassScore> averages) {

    private List<ClassScore> all() {
        return Stream.concat(rows.stream(), averages.stream()).toList();
    }

    /** A table with the columns "precision", "recall", "f1" (each 0 to 1) and "support" after that of the names. */
    Table table() {
        return Tables.create(
                title,
                StringColumn.create(
                        named.toLowerCase(Locale.ROOT),
                        all().stream().map(ClassScore::label).toList()),
                shares("precision", ClassScore::precision),
                shares("recall", ClassScore::recall),
                shares("f1", ClassScore::f1),
                IntColumn.create(
                        "support", all().stream().mapToInt(ClassScore::support).toArray()));
    }

    private DoubleColumn shares(String name, ToDoubleFunction<ClassScore> value) {
        return DoubleColumn.create(name, all().stream().mapToDouble(value).toArray());
    }

    String text() {
        int width = all().stream().mapToInt(row -> row.label().length()).max().orElse(0);
        String line = "%-" + width + "s %10s %10s %10s ";
        List<String> lines =
                new ArrayList<>(List.of(title, String.format(line + "%10s", "", "Precision", "Recall", "F1", counted)));
        all().forEach(row -> lines.add(String.format(Locale.ROOT, line + "%,10d", cells(row))));
        return String.join(System.lineSeparator(), lines);
    }

    String html() {
        HtmlTable table =
                HtmlTable.of(named, "Precision", "Recall", "F1", counted).title(title);
        rows.forEach(row -> table.row(cells(row)));
        table.total(cells(averages.get(0)));
        averages.subList(1, averages.size()).forEach(row -> table.row(cells(row)));
        return table.html();
    }

    private static Object[] cells(ClassScore row) {
        return new Object[] {
            row.label(), percent(row.precision()), percent(row.recall()), percent(row.f1()), row.support()
        };
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
