package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.catalogue.HubDataset;
import dev.lorikeet.data.catalogue.HubSplit;
import dev.lorikeet.hub.DownloadException;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.TestHub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Against a hub on this machine. */
class HubDatasetTest {

    private static final String CONVERTED = "refs/convert/parquet";

    @TempDir
    Path folder;

    private final TestHub server = TestHub.start();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        server.close();
    }

    private Hub hub() {
        return server.client(folder.resolve("home"));
    }

    private Hub offline() {
        return server.client(folder.resolve("home"), Map.of("HF_HUB_OFFLINE", "1"));
    }

    private void text(String repository, String file, String content) {
        server.add("datasets/" + repository, file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a Parquet file of posts with these titles. */
    private void posts(String repository, String file, String... titles) throws IOException {
        List<String[]> rows = List.of(titles).stream()
                .map(title -> new String[] {"text of " + title, title})
                .toList();
        Path parquet = folder.resolve(file.replace('/', '_'));
        server.add("datasets/" + repository, file, ParquetFiles.redditTifu(parquet, rows));
    }

    private Table load(Hub hub, String name, Optional<String> configuration, Optional<String> split) {
        said.reset();
        HubDataset found = HubDataset.find(hub, name);
        return found.load(hub, found.select(configuration, split), new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private Table load(String name, String split) {
        said.reset();
        HubDataset found = HubDataset.find(hub(), name);
        return found.load(hub(), found.select(split), new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private Table load(String name) {
        return load(hub(), name, Optional.empty(), Optional.empty());
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    private static List<String> titles(Table table) {
        return table.stringColumn("title").asList();
    }

    @Test
    void theHubsParquetFilesAreReadBySplit() throws IOException {
        posts("a/b", "default/train/0000.parquet", "one", "two");
        posts("a/b", "default/train/0001.parquet", "three");
        posts("a/b", "default/test/0000.parquet", "four");
        Table train = load("a/b");
        assertEquals(List.of("one", "two", "three"), titles(train));
        assertEquals("a/b, train", train.name());
        assertEquals("a/b: 3 rows of train, columns ups, documents, tldr, title; other splits: test.", said());
        assertEquals(List.of("four"), titles(load("a/b", "test")));
        String unknown = assertThrows(UnknownNameException.class, () -> load("a/b", "tset"))
                .getMessage();
        assertEquals("There is no split of a/b \"tset\". Did you mean \"test\"? There are: test, train", unknown);
    }

    @Test
    void aConfigurationIsChosenByName() throws IOException {
        posts("a/b", "long/train/0000.parquet", "one");
        posts("a/b", "short/train/0000.parquet", "two");
        posts("a/b", "short/test/0000.parquet", "three");
        assertEquals(List.of("three"), titles(load(hub(), "a/b", Optional.of("short"), Optional.of("test"))));
        assertEquals(
                "a/b (short), test",
                load(hub(), "a/b", Optional.of("short"), Optional.of("test")).name());
        assertEquals(List.of("two"), titles(load("a/b", "short")), "a configuration in the place of the split");
        assertEquals(List.of("one"), titles(load(hub(), "a/b", Optional.of("long"), Optional.empty())));
        String several =
                assertThrows(LorikeetException.class, () -> load("a/b")).getMessage();
        assertEquals(
                "a/b has several configurations: choose one, as in Datasets.load(\"a/b\", \"long\", \"train\"). There are: long, short",
                several);
        String unknown = assertThrows(
                        UnknownNameException.class, () -> load(hub(), "a/b", Optional.of("shrt"), Optional.empty()))
                .getMessage();
        assertTrue(unknown.startsWith("There is no configuration of a/b \"shrt\". Did you mean \"short\"?"), unknown);
    }

    @Test
    void onlyTheFirstPartOfALargeSplitIsThereAndThatIsSaid() throws IOException {
        posts("a/b", "default/partial-train/0000.parquet", "one");
        assertEquals(List.of("one"), titles(load("a/b")));
        assertTrue(
                said().startsWith(
                                "a/b: 1 row of train (the first 5 GB, of which the hub makes Parquet files), columns"),
                said());
    }

    @Test
    void withoutThemTheFilesOfTheRepositoryAreRead() {
        server.withoutRevision("datasets/a/b", CONVERTED);
        text("a/b", "README.md", "about");
        text("a/b", "data/train.jsonl", "{\"text\": \"x\"}\n{\"text\": \"y\"}\n");
        text("a/b", "data/dev.jsonl", "{\"text\": \"z\"}\n");
        assertEquals(2, load("a/b").rowCount());
        assertEquals("a/b: 2 rows of train, columns text; other splits: validation.", said());
        assertEquals("z", load("a/b", "validation").getString(0, "text"));
        assertEquals("z", load("a/b@main", "validation").getString(0, "text"));
    }

    @Test
    void namesOfFilesTellTheSplit() {
        assertEquals(
                List.of(
                        "default/train [data/train-00000-of-00002.parquet, data/train-00001-of-00002.parquet]",
                        "default/test_sft [data/test_sft-00000-of-00001-0123abc.parquet]"),
                splits(
                        "data/train-00001-of-00002.parquet",
                        "data/train-00000-of-00002.parquet",
                        "data/test_sft-00000-of-00001-0123abc.parquet",
                        "dataset_infos.json",
                        ".gitattributes"));
        assertEquals(
                List.of("short/train [short/train-00000-of-00001.parquet]"),
                splits("short/train-00000-of-00001.parquet"));
        assertEquals(
                List.of(
                        "default/validation [my-val.csv]",
                        "default/train [my_training_2.csv, retrained.csv]",
                        "default/test [TEST/a.csv]"),
                splits("my-val.csv", "retrained.csv", "my_training_2.csv", "TEST/a.csv", "notes.txt"));
        assertEquals(List.of("default/train [book.txt]"), splits("LICENSE.txt", "book.txt", "requirements.txt"));
        assertEquals(List.of("default/train [a.json.gz]"), splits("a.json.gz", "config.json"));
        assertEquals(List.of(), splits("README.md", "images.zip"));
    }

    private static List<String> splits(String... files) {
        return HubSplit.ofFiles(List.of(files)).stream()
                .map(split -> split.configuration() + "/" + split.name() + " " + split.files())
                .toList();
    }

    @Test
    void withoutANetworkTheCacheIsRead() throws IOException {
        posts("a/b", "default/train/0000.parquet", "one");
        posts("a/b", "default/test/0000.parquet", "two");
        load("a/b");
        assertEquals(List.of("one"), titles(load(offline(), "a/b", Optional.empty(), Optional.empty())));
        String unknown = assertThrows(
                        UnknownNameException.class, () -> load(offline(), "a/b", Optional.empty(), Optional.of("test")))
                .getMessage();
        assertEquals("There is no cached split of a/b \"test\". There are: train", unknown);
        int requests = server.downloads().size();
        load("a/b");
        assertEquals(requests, server.downloads().size(), "what is in the cache is not downloaded again");
        String nothing = assertThrows(
                        DownloadException.class, () -> load(offline(), "c/d", Optional.empty(), Optional.empty()))
                .getMessage();
        assertTrue(nothing.contains("HF_HUB_OFFLINE"), nothing);
    }

    @Test
    void whatIsWrongIsNamed() {
        String missing =
                assertThrows(DownloadException.class, () -> load("no/body")).getMessage();
        assertTrue(missing.contains("datasets/no/body@main: there is no such data set"), missing);
        for (String name : List.of("imdb", "a/b/c", "", "a b/c")) {
            String message =
                    assertThrows(BadArgumentException.class, () -> load(name)).getMessage();
            assertTrue(
                    message.contains("expected owner/name as the hub has it, such as \"stanfordnlp/imdb\""), message);
        }
        String file = assertThrows(BadArgumentException.class, () -> load("data/a.csv"))
                .getMessage();
        assertTrue(file.endsWith("a file is read with Datasets.read(\"data/a.csv\")"), file);
        text("a/b", "images.zip", "x");
        String unreadable =
                assertThrows(LorikeetException.class, () -> load("a/b")).getMessage();
        assertTrue(
                unreadable.contains("holds no file that can be read") && unreadable.endsWith("it holds images.zip"),
                unreadable);
        text("c/d", "train-00000-of-00002.csv", "text,n\nx,1\n");
        text("c/d", "train-00001-of-00002.csv", "text,m\nx,1\n");
        String columns = assertThrows(BadFileException.class, () -> load("c/d")).getMessage();
        assertTrue(
                columns.endsWith("has the columns text, m; expected those of train-00000-of-00002.csv: text, n"),
                columns);
    }
}
