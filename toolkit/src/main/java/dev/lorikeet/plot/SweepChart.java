package dev.lorikeet.plot;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.train.sweep.SweepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Chooses the axes of a sweep's chart by what varies in it. */
final class SweepChart {

    private static final String SETTINGS = "settings";

    private SweepChart() {}

    static Chart of(SweepResult result) {
        Table table = result.table();
        String metric = result.isValidated() ? "validation loss" : "training loss";
        Table whole = table.where(table.doubleColumn(metric).isNotMissing());
        BadArgumentException.unless(
                !whole.isEmpty(), "sweep", result, "one with at least one trial that came to its end");
        List<String> varied = varied(whole);
        String axis = varied.stream()
                .filter(name -> !name.equals("targets"))
                .findFirst()
                .orElse("rank");
        List<String> others = varied.stream().filter(name -> !name.equals(axis)).toList();
        if (others.isEmpty()) {
            return Plots.sweep(whole, axis, metric);
        }
        StringColumn settings = StringColumn.create(
                SETTINGS,
                IntStream.range(0, whole.rowCount())
                        .mapToObj(row -> others.stream()
                                .map(name -> described(whole, name, row))
                                .collect(Collectors.joining(", ")))
                        .toList());
        return Plots.sweep(whole.addColumns(settings), axis, metric, SETTINGS);
    }

    private static String described(Table table, String name, int row) {
        String value = table.column(name).getUnformattedString(row);
        return name.equals("targets") ? value : name + " " + value.replaceFirst("\\.0$", "");
    }

    /** The settings with several values; alpha only where it is not the rank times a constant. */
    private static List<String> varied(Table table) {
        List<String> varied = new ArrayList<>();
        for (String name : List.of("learning rate", "rank", "alpha", "targets")) {
            if (table.column(name).countUnique() > 1) {
                varied.add(name);
            }
        }
        if (table.doubleColumn("alpha").divide(table.intColumn("rank")).countUnique() == 1) {
            varied.remove("alpha");
        }
        return varied;
    }
}
