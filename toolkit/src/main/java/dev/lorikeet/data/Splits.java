package dev.lorikeet.data;

import dev.lorikeet.base.UnknownNameException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/**
 * Labelled texts for training, validation and test.
 *
 * @param train training rows with the columns {@code label} and {@code text}, as in the other splits
 * @param validation rows to evaluate during training; may be empty
 * @param test rows to evaluate at the end; may be empty
 */
public record Splits(Table train, Table validation, Table test) {

    /** @throws UnknownNameException if a table has no column {@code label} or {@code text} */
    public Splits {
        for (Table table : List.of(train, validation, test)) {
            Columns.of(table, Columns.LABEL);
            Columns.of(table, Columns.TEXT);
        }
    }

    /** The distinct labels, sorted; the index of a label is its class. */
    public List<String> labels() {
        return List.copyOf(Stream.of(train, validation, test)
                .flatMap(table -> Columns.strings(table, Columns.LABEL).stream())
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /**
     * Writes {@code train.csv}, {@code validation.csv} and {@code test.csv} (UTF-8, header {@code label,text}), each
     * whole or not at all.
     *
     * @return these splits
     */
    public Splits save(Path folder) {
        Csv.write(folder.resolve("train.csv"), train);
        Csv.write(folder.resolve("validation.csv"), validation);
        Csv.write(folder.resolve("test.csv"), test);
        return this;
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws dev.lorikeet.base.BadFileException if a file is missing or damaged
     */
    public static Splits load(Path folder) {
        return new Splits(
                Csv.read(folder.resolve("train.csv")),
                Csv.read(folder.resolve("validation.csv")),
                Csv.read(folder.resolve("test.csv")));
    }

    /** Returns a small table: the number of rows of each label in each split. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format("%-10s %8s", "", "rows"));
        labels().forEach(label -> text.append(String.format(" %8s", label)));
        line(text, "train", train);
        line(text, "validation", validation);
        line(text, "test", test);
        return text.toString();
    }

    private void line(StringBuilder text, String name, Table table) {
        List<String> given = Columns.strings(table, Columns.LABEL);
        text.append(String.format(Locale.ROOT, "%n%-10s %,8d", name, given.size()));
        for (String label : labels()) {
            long count = given.stream().filter(label::equals).count();
            text.append(String.format(Locale.ROOT, " %," + Math.max(8, label.length()) + "d", count));
        }
    }
}
