package dev.lorikeet.data.catalogue;

import com.google.gson.JsonObject;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Tables;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.JsonLines;
import dev.lorikeet.data.table.JsonRow;
import dev.lorikeet.data.table.ParquetRows;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.Listing;
import dev.lorikeet.hub.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The posts and titles of Reddit TIFU, whose field names differ between publications. */
public final class RedditTifu {

    /** File names of a copy in the user's data folder. */
    public static final List<String> NAMES = List.of("reddit_tifu.parquet", "reddit_tifu.jsonl");

    /** The branch on which the hub converts data sets with scripts to Parquet. */
    private static final Repository HUB = Repository.dataset("ctr4si/reddit_tifu@refs/convert/parquet");

    private static final String SMALL = "posts-small.jsonl";
    private static final String CONFIGURATION = "short/train/";

    private static final List<String> DOCUMENT = List.of("document", "documents", "selftext_without_tldr");
    private static final List<String> TITLE = List.of("title", "trimmed_title");

    private final StringColumn documents = StringColumn.create("document");
    private final StringColumn titles = StringColumn.create("title");

    private RedditTifu() {}

    /** Finds a copy in a folder. */
    public static Optional<Path> in(Path folder) {
        return NAMES.stream().map(folder::resolve).filter(Files::exists).findFirst();
    }

    /** The posts written for this project. */
    public static Table small() {
        return parse(Catalogue.resource(SMALL), Path.of(SMALL));
    }

    public static Table of(Hub hub) {
        Listing listing = hub.list(HUB);
        List<String> parts = listing.files().stream()
                .filter(file -> file.startsWith(CONFIGURATION) && file.endsWith(".parquet"))
                .sorted()
                .toList();
        if (parts.isEmpty()) {
            throw new LorikeetException(HUB + " holds no " + CONFIGURATION + "*.parquet file; it holds "
                    + String.join(", ", listing.files()));
        }
        Path folder = hub.fetch(HUB, parts);
        RedditTifu posts = new RedditTifu();
        parts.forEach(part -> posts.addParquet(folder.resolve(part)));
        return posts.table();
    }

    public static Table read(Path file) {
        RedditTifu posts = new RedditTifu();
        if (file.toString().endsWith(".parquet")) {
            posts.addParquet(file);
        } else {
            JsonLines.read(file, posts::add);
        }
        return posts.table(file);
    }

    private static Table parse(byte[] lines, Path forErrors) {
        RedditTifu posts = new RedditTifu();
        JsonLines.parse(lines, forErrors, posts::add);
        return posts.table(forErrors);
    }

    private void addParquet(Path file) {
        List<String> columns = ParquetRows.columns(file);
        String document = name(DOCUMENT, columns, file);
        String title = name(TITLE, columns, file);
        ParquetRows.read(
                file,
                List.of(document, title),
                row -> add(row.getOrDefault(document, ""), row.getOrDefault(title, "")));
    }

    private void add(JsonRow row) {
        Set<String> fields = row.object().keySet();
        add(row.text(name(DOCUMENT, fields, row.file())), row.text(name(titlesOf(row.object()), fields, row.file())));
    }

    /** The first publication has two titles; only the trimmed one does not contain the answer. */
    private static List<String> titlesOf(JsonObject object) {
        return object.has("trimmed_title") ? List.of("trimmed_title") : TITLE;
    }

    private static String name(List<String> known, Collection<String> present, Path file) {
        return known.stream()
                .filter(present::contains)
                .findFirst()
                .orElseThrow(() -> new UnknownNameException("field in " + file, known.get(0), present));
    }

    /** Adds a post unless its text or title is empty, as in TensorFlow's data set. */
    private void add(String document, String title) {
        if (!document.isBlank() && !title.isBlank()) {
            documents.append(document.strip());
            titles.append(title.strip());
        }
    }

    private Table table(Path file) {
        if (documents.isEmpty()) {
            throw new BadFileException(file, "holds no posts");
        }
        return table();
    }

    private Table table() {
        return Tables.create("", documents, titles);
    }
}
