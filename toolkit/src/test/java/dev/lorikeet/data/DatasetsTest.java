package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.catalogue.Catalogue;
import dev.lorikeet.data.catalogue.Intents;
import dev.lorikeet.data.catalogue.PublicSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Against a server of the test's own, so that every way a download can go is gone. */
class DatasetsTest {

    private static final String LINES = "ham\tsee you \"there\"\nspam\t£1000 \"free\nham\t\n";
    private static final String OFFLINE_HOST = "nobody.invalid";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final CountDownLatch testEnds = new CountDownLatch(1);
    private HttpServer server;
    private int requests;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    @AfterEach
    void stop() {
        testEnds.countDown();
        server.stop(0);
    }

    private void answer(HttpHandler handler) {
        server.createContext("/set.zip", exchange -> {
            requests++;
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] zip(String member, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("readme"));
            zip.putNextEntry(new ZipEntry(member));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private PublicSet set(Path data) {
        return set(data, "http://localhost:" + server.getAddress().getPort() + "/set.zip");
    }

    private PublicSet set(Path data, String address) {
        var entry = new Catalogue.CatalogueEntry(
                "sms", "messages", "set.tsv", address, "member", hash(LINES), 3, "licence", "citation");
        return new PublicSet(entry, Optional.ofNullable(data), cache(), Duration.ofSeconds(2));
    }

    private static String hash(String text) {
        return PublicSet.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path cache() {
        return folder.resolve("cache");
    }

    private Table table(PublicSet set) {
        said.reset();
        return Datasets.smsSpam(set, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    private void assertSmallSetBecause(String reason, Table table) {
        assertTrue(said().contains(reason), said());
        assertTrue(
                said().startsWith(
                                "Using " + table.rowCount() + " messages written for Lorikeet instead of the SMS Spam"),
                said());
        assertEquals("Messages written for Lorikeet, not the SMS Spam Collection", table.name());
        assertEquals(List.of("label", "text"), table.columnNames());
        assertTrue(table.rowCount() > 300);
        assertFalse(Files.exists(cache().resolve("set.tsv")), "a failed download leaves no copy");
    }

    @Test
    void aDownloadIsVerifiedKeptAndThenTakenFromTheCache() throws IOException {
        byte[] archive = zip("member", LINES.replace("\n", "\r\n"));
        answer(exchange -> send(exchange, archive));

        Table table = table(set(null));
        assertEquals("SMS Spam Collection: 3 messages downloaded from localhost.", said());
        assertEquals("SMS Spam Collection, downloaded from localhost", table.name());
        assertEquals(List.of("ham", "spam", "ham"), table.stringColumn("label").asList());
        assertEquals(
                List.of("see you \"there\"", "£1000 \"free", ""),
                table.stringColumn("text").asList());
        assertEquals(LINES, Files.readString(cache().resolve("set.tsv")));

        assertEquals(3, table(set(null)).rowCount());
        assertEquals("SMS Spam Collection: 3 messages from the local cache.", said());
        assertEquals(1, requests);
    }

    @Test
    void redirectsAreFollowed() throws IOException {
        byte[] archive = zip("member", LINES);
        server.createContext("/moved", exchange -> {
            try (exchange) {
                send(exchange, archive);
            }
        });
        answer(exchange -> {
            exchange.getResponseHeaders().add("Location", "/moved");
            exchange.sendResponseHeaders(302, -1);
        });
        assertEquals(3, table(set(null)).rowCount());
        assertTrue(said().contains("downloaded"), said());
    }

    @Test
    void aDamagedCopyInTheCacheIsReplacedAndSaid() throws IOException {
        Files.createDirectories(cache());
        Files.writeString(cache().resolve("set.tsv"), "ham\thalf");
        byte[] archive = zip("member", LINES);
        answer(exchange -> send(exchange, archive));
        table(set(null));
        assertEquals(
                "SMS Spam Collection: 3 messages downloaded from localhost (the copy in the local cache is damaged).",
                said());
        assertEquals(LINES, Files.readString(cache().resolve("set.tsv")));
    }

    @Test
    void aRefusalFallsBackToTheSmallSet() {
        answer(exchange -> exchange.sendResponseHeaders(404, -1));
        assertSmallSetBecause("(localhost: the server answered 404)", table(set(null)));
    }

    @Test
    void anotherFileFallsBackToTheSmallSet() throws IOException {
        byte[] archive = zip("member", LINES + "ham\tone more\n");
        answer(exchange -> send(exchange, archive));
        assertSmallSetBecause(
                "the downloaded file is not the published one (sha256 " + hash(LINES + "ham\tone more\n"),
                table(set(null)));
    }

    @Test
    void anArchiveWithoutTheMemberFallsBackToTheSmallSet() throws IOException {
        byte[] archive = zip("other", LINES);
        answer(exchange -> send(exchange, archive));
        assertSmallSetBecause("the downloaded file is not an archive with the member member", table(set(null)));
    }

    @Test
    void aCutConnectionFallsBackToTheSmallSet() throws IOException {
        byte[] archive = zip("member", LINES);
        answer(exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive, 0, archive.length / 2);
            exchange.getResponseBody().flush();
        });
        assertSmallSetBecause("localhost: ", table(set(null)));
    }

    @Test
    void aSilentServerIsGivenUp() throws IOException {
        byte[] archive = zip("member", LINES);
        answer(exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive, 0, 10);
            exchange.getResponseBody().flush();
            awaitTestEnd();
        });
        assertTimeoutPreemptively(
                Duration.ofSeconds(120),
                () -> assertSmallSetBecause("localhost: nothing arrived for 2 s", table(set(null))));
    }

    private void awaitTestEnd() {
        try {
            testEnds.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withoutANetworkTheSmallSetComesQuickly() {
        PublicSet set = set(null, "https://" + OFFLINE_HOST + "/set.zip");
        assertTimeoutPreemptively(
                Duration.ofSeconds(120), () -> assertSmallSetBecause(OFFLINE_HOST + ": ", table(set)));
    }

    @Test
    void anInterruptStopsADownload() {
        answer(exchange -> awaitTestEnd());
        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, () -> table(set(null)));
        assertFalse(Thread.interrupted());
    }

    @Test
    void theReadersOwnFolderComesFirst() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("set.tsv"), LINES.replace("\n", "\r\n"));
        Table table = table(set(data));
        assertEquals("SMS Spam Collection: 3 messages from the folder in LORIKEET_DATA.", said());
        assertEquals("SMS Spam Collection, from the folder in LORIKEET_DATA", table.name());
        assertEquals(0, requests);

        Files.writeString(data.resolve("set.tsv"), LINES + "ham\tadded\n");
        String message =
                assertThrows(BadFileException.class, () -> table(set(data))).getMessage();
        assertTrue(message.contains("set.tsv") && message.contains(hash(LINES)), message);
    }

    @Test
    void aFolderWithoutTheFileIsSaid() {
        answer(exchange -> exchange.sendResponseHeaders(503, -1));
        assertSmallSetBecause(
                "(LORIKEET_DATA holds no set.tsv; localhost: the server answered 503)", table(set(folder)));
    }

    @Test
    void aCacheThatCannotBeWrittenCostsNothingButANote() throws IOException {
        Files.writeString(cache(), "a file where the folder should be");
        byte[] archive = zip("member", LINES);
        answer(exchange -> send(exchange, archive));
        assertEquals(3, table(set(null)).rowCount());
        assertTrue(said().contains("could not be cached"), said());
    }

    @Test
    void aFileOfOnesOwnIsReadLineByLine() throws IOException {
        Path file = Files.writeString(folder.resolve("own.tsv"), "\uFEFFyes\ta\tb \"c\r\nno\td\u2028e\r\n");
        Table table = Datasets.smsSpam(file);
        assertEquals("own.tsv", table.name());
        assertEquals(List.of("yes", "no"), table.stringColumn("label").asList());
        assertEquals(List.of("a\tb \"c", "d\u2028e"), table.stringColumn("text").asList());
    }

    @Test
    void damagedFilesAreNamedWithTheLine() throws IOException {
        Path file = Files.writeString(folder.resolve("own.tsv"), "ham\ta\nno tab\n");
        String message = assertThrows(BadFileException.class, () -> Datasets.smsSpam(file))
                .getMessage();
        assertTrue(message.contains("own.tsv: line 2 is \"no tab\""), message);
        Files.write(file, new byte[] {'h', '\t', (byte) 0xff});
        assertThrows(BadFileException.class, () -> Datasets.smsSpam(file));
        Files.writeString(file, "\n");
        assertThrows(BadFileException.class, () -> Datasets.smsSpam(file));
        assertThrows(BadFileException.class, () -> Datasets.smsSpam(folder.resolve("nowhere")));
    }

    @Test
    void theRealSetIsWhatTheCatalogueSays() {
        Path data = TestData.data("SMSSpamCollection.tsv").getParent();
        PublicSet set = new PublicSet(Catalogue.entry("sms-spam"), Optional.of(data), cache(), Duration.ofSeconds(1));
        Table table = table(set);
        assertEquals("SMS Spam Collection: 5,574 messages from the folder in LORIKEET_DATA.", said());
        assertEquals(set.entry().rows(), table.rowCount());
        assertEquals(747, table.stringColumn("label").countOccurrences("spam"));
        assertEquals(4827, table.stringColumn("label").countOccurrences("ham"));
    }

    @Test
    void banking77HasItsIntentsAsLabels() {
        Table train = Datasets.banking77();
        Table test = Datasets.banking77("test");
        boolean real = train.rowCount() > 1000;
        assertEquals(real ? 10_003 : 192, train.rowCount());
        assertEquals(real ? 3_080 : 48, test.rowCount());
        assertEquals(real ? 77 : 12, train.stringColumn("label").unique().size());
        assertEquals(
                train.stringColumn("label").asSet(), test.stringColumn("label").asSet());
    }

    @Test
    void theSmallIntentsAreReadWithoutANetwork() {
        Table test = Intents.small("test");
        assertEquals(48, test.rowCount());
        assertEquals(
                Intents.small("train").stringColumn("label").asSet(),
                test.stringColumn("label").asSet());
    }
}
