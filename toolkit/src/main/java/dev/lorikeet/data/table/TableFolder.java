package dev.lorikeet.data.table;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the files of a folder as one table, in the order of their names: the parts that Spark writes. */
final class TableFolder {

    private static final String JSON = "json";

    private TableFolder() {}

    /** A file and what is in it. */
    private record Part(Path file, DelimitedRows content) {

        List<String> names() {
            return content.names().unique();
        }

        /** The cells in the order of these columns; JSON leaves out what is missing. */
        Stream<List<String>> rows(List<String> columns) {
            if (columns.equals(names())) {
                return content.rows().stream();
            }
            return content.rows().stream().map(row -> columns.stream()
                    .map(names()::indexOf)
                    .map(index -> index < 0 ? "" : row.get(index))
                    .toList());
        }
    }

    /** @throws BadFileException if the folder holds files of several formats or none, or their columns differ */
    static ReadTable read(Path folder, List<String> columns) {
        List<Part> parts = new ArrayList<>();
        for (Path file : files(folder)) {
            // Spark writes an empty file for a partition without rows.
            if (file.toFile().length() > 0) {
                DelimitedRows content = new TableFile(file, columns).rows();
                if (!content.rows().isEmpty()) {
                    parts.add(new Part(file, content));
                }
            }
        }
        List<String> names =
                parts.stream().flatMap(part -> part.names().stream()).distinct().toList();
        parts.forEach(part -> check(part, names));
        return ReadTable.of(
                folder,
                ColumnNames.of(names),
                parts.stream().flatMap(part -> part.rows(names)).toList());
    }

    private static void check(Part part, List<String> names) {
        List<String> missing =
                names.stream().filter(name -> !part.names().contains(name)).toList();
        if (!missing.isEmpty() && !TableFile.format(part.file().toString()).contains(JSON)) {
            throw new BadFileException(
                    part.file(),
                    "has no column %s, which other files of the folder have; expected the same columns in all"
                            .formatted(String.join(", ", missing)));
        }
    }

    private static List<Path> files(Path folder) {
        List<Path> all;
        try (Stream<Path> entries = Files.list(folder)) {
            all = entries.filter(entry -> !entry.getFileName().toString().matches("[._].*"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw TextFile.unreadable(folder, e);
        }
        List<String> kinds = all.stream().map(TableFolder::kind).distinct().toList();
        if (kinds.size() != 1 || !TableFile.isReadable(all.get(0).toString())) {
            throw new BadFileException(
                    folder,
                    "is a folder of %s; expected files of one format: %s. Datasets.read(\"FOLDER/FILE\") reads one of them"
                            .formatted(
                                    kinds.isEmpty()
                                            ? "no files"
                                            : kinds.stream().collect(Collectors.joining(" and ")),
                                    TableFile.FORMATS));
        }
        return all;
    }

    private static String kind(Path entry) {
        String name = entry.getFileName().toString();
        return Files.isDirectory(entry)
                ? "folders"
                : name.contains(".") ? "." + TableFile.format(name) + " files" : name;
    }
}
