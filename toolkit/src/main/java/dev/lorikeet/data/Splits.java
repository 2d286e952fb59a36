package dev.lorikeet.data;

import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.data.table.Csv;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/**
 * Labelled texts for training, validation and test.
 *
 * @param train training rows with the columns {@code label} and {@code text}, and {@code second} where the rows are pairs of texts, as in the other splits
 * @param validation rows to evaluate during training; may be empty
 * @param test rows to evaluate at the end; may be empty
 */
public record Splits(Table train, Table validation, Table test) implements Renderable {

    /** @throws UnknownNameException if a table has no column {@code label} or {@code text} */
    public Splits {
        for (Table table : List.of(train, validation, test)) {
            Columns.of(table, Columns.LABEL);
            Columns.of(table, Columns.TEXT);
        }
    }

    /** The distinct labels, sorted, or those in JSON lists where all cells are such; the index of a label is its class. */
    public List<String> labels() {
        List<String> cells = Stream.of(train, validation, test)
                .flatMap(table -> Columns.strings(table, Columns.LABEL).stream())
                .toList();
        return List.copyOf(new TreeSet<>(LabelCells.labels(cells).toList()));
    }

    /**
     * Writes {@code train.csv}, {@code validation.csv} and {@code test.csv} (UTF-8, header {@code label,text}), each
     * whole or not at all.
     *
     * @return these splits
     */
    public Splits save(String folder) {
        return save(Path.of(folder));
    }

    /** Writes the three files into a folder; see {@link #save(String)}. */
    public Splits save(Path folder) {
        Csv.write(folder.resolve("train.csv"), train);
        Csv.write(folder.resolve("validation.csv"), validation);
        Csv.write(folder.resolve("test.csv"), test);
        return this;
    }

    /**
     * Reads the files that {@link #save(String)} wrote.
     *
     * @throws dev.lorikeet.base.BadFileException if a file is missing or damaged
     */
    public static Splits load(String folder) {
        return load(Path.of(folder));
    }

    /** Reads the three files of a folder; see {@link #load(String)}. */
    public static Splits load(Path folder) {
        return new Splits(
                Csv.read(folder.resolve("train.csv")),
                Csv.read(folder.resolve("validation.csv")),
                Csv.read(folder.resolve("test.csv")));
    }

    private LabelCounts counts() {
        Map<String, Table> parts = new LinkedHashMap<>();
        parts.put("train", train);
        parts.put("validation", validation);
        parts.put("test", test);
        return LabelCounts.of(labels(), parts);
    }

    @Override
    public String html() {
        return counts().html();
    }

    /** Returns a small table: the number of rows of each label in each split. */
    @Override
    public String toString() {
        return counts().toString();
    }
}
