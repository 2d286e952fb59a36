package dev.lorikeet.cli;

import dev.lorikeet.data.Datasets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import tech.tablesaw.api.Table;

/** Options for reading a table from a file. */
final class TableOptions {

    /** The formats, for the description of an option that takes a file. */
    static final String FORMATS = "A .csv, .tsv, .jsonl, .json, .parquet or .txt file (.csv.gz and so on too)";

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "NAME",
            description = "Column names of a .csv or .tsv file without a header.")
    private List<String> columns = List.of();

    Table read(Path file) {
        return Datasets.read(file, columns.toArray(String[]::new));
    }
}
