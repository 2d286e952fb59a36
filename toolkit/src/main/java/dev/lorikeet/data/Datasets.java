package dev.lorikeet.data;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.Tables;
import dev.lorikeet.data.catalogue.Catalogue;
import dev.lorikeet.data.catalogue.Guanaco;
import dev.lorikeet.data.catalogue.HubDataset;
import dev.lorikeet.data.catalogue.HubSplit;
import dev.lorikeet.data.catalogue.Instructions;
import dev.lorikeet.data.catalogue.Intents;
import dev.lorikeet.data.catalogue.PublicSet;
import dev.lorikeet.data.catalogue.RedditTifu;
import dev.lorikeet.data.catalogue.SciTldr;
import dev.lorikeet.data.catalogue.SmsFile;
import dev.lorikeet.data.table.JsonLines;
import dev.lorikeet.data.table.ReadTable;
import dev.lorikeet.data.table.TableFile;
import dev.lorikeet.data.table.TextFile;
import dev.lorikeet.hub.Hub;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Data sets as Tablesaw tables. Each method prints which data it returns; the table's name says it too. */
public final class Datasets {

    private static final String SMS = "SMS Spam Collection";
    private static final String SMALL_SMS = "sms-small.tsv";
    private static final String TIFU = "Reddit TIFU";
    private static final String SCI_TLDR = "SciTLDR";
    private static final String BANKING = "Banking77";
    private static final String GUANACO = "guanaco-llama2-1k";
    private static final String INSTRUCTIONS = "Instructions of LLMs-from-scratch";
    private static final String SMALL_CHATS = "chats-small.jsonl";
    private static final String LORIKEET = "lorikeet-small.jsonl";
    private static final String CONVERSATIONS = "conversations";

    private Datasets() {}

    /**
     * Reads a table from a file; every column is read as text. The extension tells the format: {@code .csv} (RFC 4180, also
     * with semicolons, tabs or bars in place of commas), {@code .tsv} (tabs between the cells, no quoting), {@code .jsonl} (an object a line), {@code .json} (a list of objects, or
     * an object of lists), {@code .parquet}, or {@code .txt} (a column {@code text} with a row for each line that is not empty).
     * All but Parquet may be compressed, as in {@code .csv.gz}. Lists and objects in a cell become JSON. A text is in UTF-8, in
     * UTF-16 with a byte order mark, or else, which a line says, in Windows-1252. Names of columns are made unique as in pandas:
     * {@code "Unnamed: 2"} stands for none, {@code "text.1"} for a second {@code text} or {@code Text}; columns with neither a
     * name nor anything in them are left out, and so are blank lines. A folder of files of one format is read as one table in the order
     * of their names, as Spark writes it; names that begin with {@code _} or a point are passed over.
     *
     * @param file such as {@code "letters.csv"}, or a folder
     * @param columns names of the columns, if a CSV or TSV file has no header
     * @throws BadFileException if the file is missing, damaged or has another format; of a missing one it names the folder and
     *     the file with the nearest name
     */
    public static Table read(String file, String... columns) {
        return read(path(file), columns);
    }

    /** Reads a table from a file or a folder; see {@link #read(String, String...)}. */
    public static Table read(Path file, String... columns) {
        ReadTable read = new TableFile(file, List.of(columns)).read();
        System.out.println(read.table().name() + ": " + read + ".");
        return read.table();
    }

    private static Path path(String file) {
        BadArgumentException.unless(
                !file.matches("\\w{2,}://.*"),
                "file",
                file,
                "a file on this machine; Datasets.load(\"owner/name\") downloads a data set of the hub");
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new BadArgumentException("file", file, "the name of a file (" + e.getMessage() + ")");
        }
    }

    /**
     * Loads the training part of a data set of the Hugging Face hub; see {@link #load(String, String)}. A data set with a single
     * split has that one.
     *
     * @param name {@code owner/name}, such as {@code "stanfordnlp/imdb"}
     */
    public static Table load(String name) {
        return load(name, found -> found.select(Optional.empty(), Optional.empty()));
    }

    /**
     * Loads a split of a data set of the Hugging Face hub into the cache that Python's tools use too, and reads it as a table;
     * every column is read as text. Labels that the data set names are read by name; lists and objects become JSON, as {@link
     * Conversations#of(Table, String)} takes them. Without a network (or with {@code HF_HUB_OFFLINE}) it is read from the cache.
     *
     * @param name {@code owner/name}, or {@code owner/name@revision}
     * @param split such as {@code "train"} or {@code "test"}; a configuration also does, of which the training part is loaded
     * @throws dev.lorikeet.base.UnknownNameException if there is no such split; it names the splits that there are
     * @throws dev.lorikeet.hub.DownloadException if there is no such data set, or it can neither be downloaded nor found in
     *     the cache
     */
    public static Table load(String name, String split) {
        return load(name, found -> found.select(split));
    }

    /**
     * Loads a split of a configuration, which the hub's pages call a subset; see {@link #load(String, String)}.
     *
     * @param configuration such as {@code "main"} of {@code "openai/gsm8k"}
     */
    public static Table load(String name, String configuration, String split) {
        return load(name, found -> found.select(Optional.of(configuration), Optional.of(split)));
    }

    private static Table load(String name, Function<HubDataset, HubSplit> selection) {
        Hub hub = Hub.ofEnvironment();
        HubDataset found = HubDataset.find(hub, name);
        return found.load(hub, selection.apply(found), System.out);
    }

    /**
     * The SMS Spam Collection (Almeida and Gómez Hidalgo, 2011; CC BY 4.0): 5,574 text messages, columns {@code label}
     * (4,827 ham, 747 spam) and {@code text}. Read from the folder in the environment variable {@code LORIKEET_DATA},
     * else from the local cache, else downloaded. If none of these works, returns a few hundred messages written for this
     * project.
     *
     * @throws BadFileException if the file in {@code LORIKEET_DATA} is not the published one
     */
    public static Table smsSpam() {
        return smsSpam(PublicSet.named("sms-spam"), System.out);
    }

    /**
     * Reads messages from a file in the format of the SMS Spam Collection: lines of {@code label<TAB>text}, without quoting.
     *
     * @throws BadFileException if the file cannot be read in this format
     */
    public static Table smsSpam(String file) {
        return smsSpam(path(file));
    }

    /** Reads messages from a file; see {@link #smsSpam(String)}. */
    public static Table smsSpam(Path file) {
        Table table = SmsFile.parse(TextFile.read(file), file).setName(String.valueOf(file.getFileName()));
        System.out.println(table.name() + ": " + count(table, "messages") + ".");
        return table;
    }

    static Table smsSpam(PublicSet set, PrintStream out) {
        PublicSet.FindResult found = set.find();
        if (found.content().isPresent()) {
            Table table =
                    SmsFile.parse(found.content().get(), Path.of(set.entry().file()));
            return report(table.setName(SMS + ", " + found.origin()), SMS, "messages", found, out);
        }
        Table table = SmsFile.parse(Catalogue.resource(SMALL_SMS), Path.of(SMALL_SMS))
                .setName("Messages written for Lorikeet, not the " + SMS);
        return standIn(table, "messages", "the " + SMS, notes(found), out);
    }

    /**
     * Reddit TIFU (Kim et al. 2018) in its {@code short} configuration, unshuffled: columns {@code document}, a story of
     * a mishap, and {@code title}. Read from the folder in {@code LORIKEET_DATA} (a file {@code reddit_tifu.parquet} or
     * {@code reddit_tifu.jsonl}), else from the Hugging Face hub or its cache. If neither works, returns the posts written
     * for this project. The stories are from real people and may be offensive.
     */
    public static Table redditTifu() {
        return redditTifu(
                Optional.ofNullable(System.getenv("LORIKEET_DATA")).map(Path::of), Hub.ofEnvironment(), System.out);
    }

    /**
     * Reads Reddit TIFU from a local copy in Parquet or JSON Lines, with the field names of the hub or TensorFlow (document or
     * documents, title) or of the first publication (selftext_without_tldr, trimmed_title).
     *
     * @throws BadFileException if the file cannot be read in this format
     */
    public static Table redditTifu(String file) {
        return redditTifu(path(file));
    }

    /** Reads Reddit TIFU from a local copy; see {@link #redditTifu(String)}. */
    public static Table redditTifu(Path file) {
        Table table = RedditTifu.read(file).setName(TIFU + ", from " + file.getFileName());
        System.out.println(TIFU + ": " + count(table, "posts") + " from " + file.getFileName() + ".");
        return table;
    }

    static Table redditTifu(Optional<Path> data, Hub hub, PrintStream out) {
        return published(
                TIFU,
                "posts",
                data,
                RedditTifu.NAMES,
                () -> data.flatMap(RedditTifu::in).map(RedditTifu::read),
                () -> RedditTifu.of(hub),
                () -> RedditTifu.small().setName("Posts written for Lorikeet, not " + TIFU),
                out);
    }

    /**
     * The training part of SciTLDR (Cachola et al. 2020; Apache 2.0): 1,992 abstracts of papers, columns {@code document},
     * {@code title} and {@code tldr}, a summary in a sentence. Read from the folder in {@code LORIKEET_DATA}, else from the
     * local cache, else downloaded.
     *
     * @throws LorikeetException if it is not available
     */
    public static Table sciTldr() {
        return sciTldr("train");
    }

    /**
     * A split of SciTLDR; see {@link #sciTldr()}.
     *
     * @param part {@code train} (1,992 rows), {@code dev} (619) or {@code test} (618)
     */
    public static Table sciTldr(String part) {
        return sciTldr(PublicSet.named("scitldr-" + part), System.out);
    }

    static Table sciTldr(PublicSet set, PrintStream out) {
        PublicSet.FindResult found = set.find();
        byte[] content = found.content()
                .orElseThrow(() -> new LorikeetException(SCI_TLDR + " is not available (" + notes(found)
                        + "). Datasets.posts() is a small set that needs no network."));
        Table table = SciTldr.parse(content, Path.of(set.entry().file()));
        return report(
                table.setName(SCI_TLDR + ", " + found.origin()), set.entry().title(), "abstracts", found, out);
    }

    /**
     * The training part of Banking77 (Casanueva et al. 2020; CC BY 4.0): 10,003 questions of a bank's customers, columns {@code label},
     * one of 77 intents, and {@code text}. Read from the folder in {@code LORIKEET_DATA}, else from the local cache, else downloaded.
     * If none of these works, returns the questions written for this project, with other intents.
     */
    public static Table banking77() {
        return banking77("train");
    }

    /**
     * A split of Banking77; see {@link #banking77()}.
     *
     * @param part {@code train} (10,003 rows) or {@code test} (3,080)
     */
    public static Table banking77(String part) {
        return banking77(PublicSet.named("banking77-" + part), part, System.out);
    }

    static Table banking77(PublicSet set, String part, PrintStream out) {
        PublicSet.FindResult found = set.find();
        if (found.content().isPresent()) {
            Table table =
                    Intents.parse(found.content().get(), Path.of(set.entry().file()));
            return report(
                    table.setName(BANKING + ", " + found.origin()), set.entry().title(), "questions", found, out);
        }
        Table small = Intents.small(part).setName("Questions written for Lorikeet, not " + BANKING);
        return standIn(small, "questions", BANKING, notes(found), out);
    }

    /** 144 posts in the manner of Reddit TIFU, written for this project (CC0): columns {@code document} and {@code title}. */
    public static Table posts() {
        Table table = RedditTifu.small().setName("Posts written for Lorikeet");
        System.out.println(table.name() + ": " + count(table, "posts") + ".");
        return table;
    }

    /**
     * The thousand conversations of guanaco-llama2-1k, a part of OpenAssistant's (Köpf et al. 2023; Apache 2.0) in many
     * languages: column {@code text} in the Llama-2 chat format, see {@link ChatForm#LLAMA2}. Read from the folder in
     * {@code LORIKEET_DATA} (a file {@code guanaco-llama2-1k.parquet} or {@code .jsonl}), else from the Hugging Face hub or
     * its cache. If neither works, returns the conversations written for this project in the same format.
     */
    public static Table guanacoLlama2() {
        return guanacoLlama2(
                Optional.ofNullable(System.getenv("LORIKEET_DATA")).map(Path::of), Hub.ofEnvironment(), System.out);
    }

    static Table guanacoLlama2(Optional<Path> data, Hub hub, PrintStream out) {
        return published(
                GUANACO,
                CONVERSATIONS,
                data,
                Guanaco.NAMES,
                () -> data.flatMap(Guanaco::in).map(Guanaco::read),
                () -> Guanaco.of(hub),
                () -> Conversations.of(smallChats(), "messages")
                        .llama2()
                        .setName("Conversations written for Lorikeet, not " + GUANACO),
                out);
    }

    /** Reads a data set of the hub from a local copy, else from the hub, else its small substitute, and prints which. */
    private static Table published(
            String title,
            String rows,
            Optional<Path> data,
            List<String> names,
            Supplier<Optional<Table>> reader,
            Supplier<Table> published,
            Supplier<Table> small,
            PrintStream out) {
        List<String> notes = List.of();
        try {
            Optional<Table> local = reader.get();
            if (local.isEmpty() && data.isPresent()) {
                notes = List.of("LORIKEET_DATA holds no " + String.join(" or ", names));
            }
            String origin =
                    local.isPresent() ? "from the folder in LORIKEET_DATA" : "from the Hugging Face hub or its cache";
            Table table = local.orElseGet(published).setName(title + ", " + origin);
            return report(table, title, rows, new PublicSet.FindResult(Optional.empty(), origin, notes), out);
        } catch (StoppedException | BadFileException e) {
            throw e;
        } catch (LorikeetException e) {
            Table table = small.get();
            String why = String.join(
                    "; ",
                    Stream.concat(notes.stream(), Stream.of(e.getMessage())).toList());
            return standIn(table, rows, title, why, out);
        }
    }

    /** Says why a table written for this project stands in for a public one. */
    private static Table standIn(Table table, String rows, String title, String why, PrintStream out) {
        out.println("Using " + count(table, rows) + " written for Lorikeet instead of " + title
                + ", which is not available (" + why + ").");
        return table;
    }

    /**
     * The instructions of Raschka's "Build a Large Language Model (From Scratch)", chapter 7 (2024; Apache 2.0): 1,100 rows,
     * columns {@code instruction}, {@code input}, which is often empty, and {@code output}. Taken from the folder in
     * {@code LORIKEET_DATA}, else from the local cache, else downloaded.
     *
     * @throws LorikeetException if it is not available
     */
    public static Table instructions() {
        return instructions(PublicSet.named("instruction-data"), System.out);
    }

    static Table instructions(PublicSet set, PrintStream out) {
        PublicSet.FindResult found = set.find();
        byte[] content = found.content()
                .orElseThrow(() -> new LorikeetException(INSTRUCTIONS + " is not available (" + notes(found)
                        + "). Datasets.chats() is a small set that needs no network."));
        Table table = Instructions.parse(content, Path.of(set.entry().file()));
        return report(table.setName(INSTRUCTIONS + ", " + found.origin()), INSTRUCTIONS, "rows", found, out);
    }

    /**
     * Short conversations written for this project (CC0), in English: column {@code messages}, each a JSON list of messages
     * with a role, for {@link Conversations#of(Table, String)}.
     */
    public static Table chats() {
        Table table = smallChats();
        System.out.println(table.name() + ": " + count(table, CONVERSATIONS) + ".");
        return table;
    }

    /**
     * 48 questions that a lorikeet answers in its own voice, written for this project (CC0): column {@code messages}, as in
     * {@link #chats}.
     */
    public static Table lorikeet() {
        Table table = messages(LORIKEET, "Answers of a lorikeet");
        System.out.println(table.name() + ": " + count(table, CONVERSATIONS) + ".");
        return table;
    }

    private static Table smallChats() {
        return messages(SMALL_CHATS, "Conversations written for Lorikeet");
    }

    private static Table messages(String file, String name) {
        StringColumn messages = StringColumn.create("messages");
        JsonLines.parse(
                Catalogue.resource(file),
                Path.of(file),
                row -> messages.append(row.object().get("messages").toString()));
        return Tables.create(name, messages);
    }

    private static Table report(Table table, String title, String rows, PublicSet.FindResult found, PrintStream out) {
        String notes = notes(found);
        out.println(title + ": " + count(table, rows) + " " + found.origin()
                + (notes.isEmpty() ? "" : " (" + notes + ")") + ".");
        return table;
    }

    private static String notes(PublicSet.FindResult found) {
        return String.join("; ", found.notes());
    }

    private static String count(Table table, String rows) {
        return String.format(Locale.ROOT, "%,d %s", table.rowCount(), rows);
    }
}
