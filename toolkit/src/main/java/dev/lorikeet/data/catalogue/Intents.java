package dev.lorikeet.data.catalogue;

import dev.lorikeet.data.table.Columns;
import dev.lorikeet.data.table.Csv;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/** Reads Banking77: questions of customers and their intents, as CSV with the columns "text" and "category". */
public final class Intents {

    private static final String SMALL = "intents-small.csv";

    /** One in so many of the questions written for this project is for the test. */
    private static final int TEST = 5;

    private Intents() {}

    /** A table with the columns "label" and "text". */
    public static Table parse(byte[] content, Path forErrors) {
        return Csv.parse(new String(content, StandardCharsets.UTF_8), forErrors, "category", "text");
    }

    /**
     * The questions written for this project.
     *
     * @param part "train" or "test"
     */
    public static Table small(String part) {
        Table all = parse(Catalogue.resource(SMALL), Path.of(SMALL));
        IntPredicate chosen = row -> (row % TEST == TEST - 1) == part.equals("test");
        int[] rows = IntStream.range(0, all.rowCount()).filter(chosen).toArray();
        return Columns.table("", pick(all, Columns.LABEL, rows), pick(all, Columns.TEXT, rows));
    }

    private static List<String> pick(Table table, String column, int[] rows) {
        List<String> values = Columns.strings(table, column);
        return IntStream.of(rows).mapToObj(values::get).toList();
    }
}
