package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.catalogue.Catalogue;
import dev.lorikeet.data.catalogue.Guanaco;
import dev.lorikeet.data.catalogue.PublicSet;
import dev.lorikeet.data.table.ParquetRows;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.TestHub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Documents and titles, from wherever they may come. */
class PostsTest {

    private static final String TIFU = "datasets/ctr4si/reddit_tifu";

    @TempDir
    private Path folder;

    private final TestHub hub = TestHub.start();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        hub.close();
    }

    private Table tifu(Optional<Path> data) {
        Hub client = hub.client(folder.resolve("home"));
        said.reset();
        return Datasets.redditTifu(data, client, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    private Path parquet(String name, String... documents) throws IOException {
        return ParquetFiles.redditTifu(
                folder.resolve(name),
                java.util.Arrays.stream(documents)
                        .map(document -> new String[] {document, "title of " + document})
                        .toList());
    }

    @Test
    void theHubsPartsComeInTheirOrder() throws IOException {
        hub.add(TIFU, "short/train/0001.parquet", parquet("b", "third", null, " fourth "));
        hub.add(TIFU, "short/train/0000.parquet", parquet("a", "first", "second"));
        hub.add(TIFU, "long/train/0000.parquet", parquet("c", "other"));

        Table table = tifu(Optional.empty());

        assertEquals(List.of("document", "title"), table.columnNames());
        assertEquals(
                List.of("first", "second", "third", "fourth"),
                table.stringColumn("document").asList());
        assertEquals("title of second", table.stringColumn("title").get(1));
        assertEquals("Reddit TIFU: 4 posts from the Hugging Face hub or its cache.", said());
        assertEquals("Reddit TIFU, from the Hugging Face hub or its cache", table.name());
    }

    @Test
    void aCopyInTheReadersFolderComesFirst() throws IOException {
        parquet("reddit_tifu.parquet", "mine");
        assertEquals(1, tifu(Optional.of(folder)).rowCount());
        assertEquals("Reddit TIFU: 1 posts from the folder in LORIKEET_DATA.", said());
        assertEquals(0, hub.requests().size());
    }

    @Test
    void withoutTheHubThePostsOfThisProjectStandIn() {
        Table table = tifu(Optional.of(folder));
        assertEquals(144, table.rowCount());
        assertEquals(List.of("document", "title"), table.columnNames());
        assertEquals("Posts written for Lorikeet, not Reddit TIFU", table.name());
        assertTrue(said().startsWith("Using 144 posts written for Lorikeet instead of Reddit TIFU"), said());
        assertTrue(said().contains("LORIKEET_DATA holds no reddit_tifu.parquet or reddit_tifu.jsonl; "), said());
    }

    @Test
    void aRepositoryLaidOutOtherwiseIsSaid() {
        hub.add(TIFU, "train.csv", new byte[] {1});
        tifu(Optional.empty());
        assertTrue(said().contains("holds no short/train/*.parquet file; it holds train.csv"), said());
    }

    @Test
    void theFieldsOfEachPublicationAreKnown() throws IOException {
        Path file = folder.resolve("posts.jsonl");
        Files.writeString(
                file,
                """
                {"document": "a b", "title": "t"}

                {"documents": "c", "title": "u", "ups": 3}
                {"selftext_without_tldr": "d\\n", "title": "v (and why)", "trimmed_title": "v"}
                {"document": " ", "title": "no story"}
                """);
        Table table = Datasets.redditTifu(file);
        assertEquals(List.of("a b", "c", "d"), table.stringColumn("document").asList());
        assertEquals(List.of("t", "u", "v"), table.stringColumn("title").asList());
    }

    @Test
    void damagedCopiesAreNamedWithWhatIsWrong() throws IOException {
        Path file =
                Files.writeString(folder.resolve("own.jsonl"), "{\"document\": \"a\", \"title\": \"t\"}\nnot json\n");
        assertMessage(BadFileException.class, file, "own.jsonl: line 2 is not json");
        Files.writeString(file, "{\"story\": \"a\", \"title\": \"t\"}\n");
        assertMessage(UnknownNameException.class, file, "\"document\"", "story");
        Files.writeString(file, "\n");
        assertMessage(BadFileException.class, file, "holds no posts");
        Path broken = Files.writeString(folder.resolve("reddit_tifu.parquet"), "PAR1 or not");
        assertMessage(BadFileException.class, broken, "is not a Parquet file");
        assertMessage(BadFileException.class, folder.resolve("none.parquet"), "there is no such file");
        assertMessage(BadFileException.class, folder.resolve("none.jsonl"), "there is no such file");
        assertThrows(
                BadFileException.class, () -> tifu(Optional.of(folder)), "a damaged copy of one's own is no reason");
    }

    private static void assertMessage(Class<? extends LorikeetException> type, Path file, String... parts) {
        String message = assertThrows(type, () -> Datasets.redditTifu(file)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void thePublicParquetOfTheReferenceDataIsRead() {
        Path file = TestData.data("guanaco-llama2-1k.parquet");
        assertEquals(List.of("text"), ParquetRows.columns(file));
        int[] rows = {0};
        ParquetRows.read(file, List.of("text"), row -> {
            assertTrue(row.get("text").startsWith("<s>[INST]"));
            rows[0]++;
        });
        assertEquals(1000, rows[0]);
    }

    @Test
    void sciTldrIsWhatTheCatalogueSays() {
        Path data = TestData.data("scitldr-a-train.jsonl").getParent();
        for (String part : List.of("train", "dev", "test")) {
            PublicSet set = new PublicSet(
                    Catalogue.entry("scitldr-" + part),
                    Optional.of(data),
                    folder.resolve("cache"),
                    Duration.ofSeconds(1));
            Table table = Datasets.sciTldr(set, new PrintStream(said, true, StandardCharsets.UTF_8));
            assertEquals(set.entry().rows(), table.rowCount());
            assertEquals(List.of("document", "title", "tldr"), table.columnNames());
            assertEquals(0, table.stringColumn("tldr").countMissing());
        }
        assertTrue(said().contains("SciTLDR (dev): 619 abstracts from the folder in LORIKEET_DATA."), said());
        assertThrows(UnknownNameException.class, () -> Datasets.sciTldr("validation"));
    }

    @Test
    void sciTldrThatCannotBeHadSaysSo() {
        Catalogue.CatalogueEntry entry = Catalogue.entry("scitldr-test");
        Catalogue.CatalogueEntry nowhere = new Catalogue.CatalogueEntry(
                entry.name(), entry.title(), entry.file(), "https://nobody.invalid/x", null, entry.sha256(), 1, "", "");
        PublicSet set = new PublicSet(nowhere, Optional.empty(), folder.resolve("cache"), Duration.ofSeconds(5));
        String message = assertThrows(LorikeetException.class, () -> Datasets.sciTldr(set, new PrintStream(said)))
                .getMessage();
        assertTrue(message.contains("nobody.invalid") && message.contains("Datasets.posts()"), message);
    }

    private Table guanaco(Optional<Path> data) {
        Hub client = hub.client(folder.resolve("home"));
        said.reset();
        return Datasets.guanacoLlama2(data, client, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @Test
    void guanacoComesFromTheReadersFolderTheHubOrThisProject() throws IOException {
        Table small = guanaco(Optional.of(folder));
        assertTrue(
                said().startsWith("Using 120 conversations written for Lorikeet instead of guanaco-llama2-1k"), said());
        assertTrue(
                said().contains("LORIKEET_DATA holds no guanaco-llama2-1k.parquet or guanaco-llama2-1k.jsonl"), said());
        assertEquals("Conversations written for Lorikeet, not guanaco-llama2-1k", small.name());
        assertTrue(small.stringColumn("text").get(0).startsWith("<s>[INST] "));
        assertEquals(120, Conversations.of(small, "text").size());

        Files.writeString(folder.resolve("guanaco-llama2-1k.jsonl"), "{\"text\": \"[INST] a [/INST] b\"}\n");
        Table mine = guanaco(Optional.of(folder));
        assertEquals(List.of("[INST] a [/INST] b"), mine.stringColumn("text").asList());
        assertEquals("guanaco-llama2-1k: 1 conversations from the folder in LORIKEET_DATA.", said());
    }

    @Test
    void guanacoIsReadFromTheHubsParquet() {
        hub.add(
                "datasets/mlabonne/guanaco-llama2-1k",
                "data/train-0.parquet",
                TestData.data("guanaco-llama2-1k.parquet"));
        Table table = guanaco(Optional.empty());
        assertEquals(1000, table.rowCount());
        assertEquals(
                Guanaco.read(TestData.data("guanaco-llama2-1k.jsonl"))
                        .stringColumn("text")
                        .asList(),
                table.stringColumn("text").asList());
        assertEquals("guanaco-llama2-1k: 1,000 conversations from the Hugging Face hub or its cache.", said());
    }

    @Test
    void instructionsAreWhatTheCatalogueSays() {
        Path data = TestData.data("instruction-data.json").getParent();
        PublicSet set = new PublicSet(
                Catalogue.entry("instruction-data"), Optional.of(data), folder.resolve("cache"), Duration.ofSeconds(1));
        Table table = Datasets.instructions(set, new PrintStream(said, true, StandardCharsets.UTF_8));
        assertEquals(set.entry().rows(), table.rowCount());
        assertEquals(List.of("instruction", "input", "output"), table.columnNames());
        assertEquals(1100, Conversations.ofInstructions(table).size());
        assertEquals("Instructions of LLMs-from-scratch: 1,100 rows from the folder in LORIKEET_DATA.", said());
    }
}
