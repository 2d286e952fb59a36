package dev.lorikeet.data.catalogue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Tables;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.data.table.JsonLines;
import dev.lorikeet.data.table.ParquetRows;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.Listing;
import dev.lorikeet.hub.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A thousand OpenAssistant conversations in the Llama-2 chat format. */
public final class Guanaco {

    /** File names of a copy in the user's data folder. */
    public static final List<String> NAMES = List.of("guanaco-llama2-1k.parquet", "guanaco-llama2-1k.jsonl");

    private static final Repository HUB = Repository.dataset("mlabonne/guanaco-llama2-1k");

    private Guanaco() {}

    /** Finds a copy in a folder. */
    public static Optional<Path> in(Path folder) {
        return NAMES.stream().map(folder::resolve).filter(Files::exists).findFirst();
    }

    public static Table of(Hub hub) {
        Listing listing = hub.list(HUB);
        List<String> parts = listing.files().stream()
                .filter(file -> file.endsWith(".parquet"))
                .sorted()
                .toList();
        if (parts.isEmpty()) {
            throw new LorikeetException(
                    HUB + " holds no .parquet file; it holds " + String.join(", ", listing.files()));
        }
        Path folder = hub.fetch(HUB, parts);
        Table whole = read(folder.resolve(parts.get(0)));
        parts.stream().skip(1).forEach(part -> whole.append(read(folder.resolve(part))));
        return whole;
    }

    public static Table read(Path file) {
        StringColumn texts = StringColumn.create(Columns.TEXT);
        if (file.toString().endsWith(".parquet")) {
            ParquetRows.read(file, List.of(Columns.TEXT), row -> texts.append(row.getOrDefault(Columns.TEXT, "")));
        } else {
            JsonLines.read(file, row -> texts.append(row.text(Columns.TEXT)));
        }
        if (texts.isEmpty()) {
            throw new BadFileException(file, "holds no conversations");
        }
        return Tables.create("", texts);
    }
}
