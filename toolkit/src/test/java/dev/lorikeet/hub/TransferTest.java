package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way a download can go wrong on its way; what arrives is right or is not there. */
class TransferTest {

    private static final String MODEL = "owner/model";
    private static final String FILE = "model.safetensors";
    private static final int SIZE = 300_000;
    private static final int CUT = 100_000;

    @TempDir
    private Path home;

    private final TestHub server = TestHub.start();
    private final byte[] content = new byte[SIZE];
    private TestFile file;

    TransferTest() {
        new Random(1).nextBytes(content);
        serve(TestFile.large(content));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void serve(TestFile file) {
        this.file = file;
        server.put(MODEL, FILE, file);
    }

    private Path fetch() {
        return fetch(TestHub.POLICY);
    }

    private Path fetch(RetryPolicy policy) {
        Hub hub = server.client(home, Map.of(), policy, line -> {});
        return hub.fetch(Repository.model(MODEL), List.of(FILE)).resolve(FILE);
    }

    private Path blob() {
        return home.resolve("hub/models--owner--model/blobs").resolve(file.etag());
    }

    private Path partial() {
        return blob().resolveSibling(file.etag() + ".incomplete");
    }

    private void leave(byte[] bytes) throws IOException {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), bytes);
    }

    private void assertArrives() throws IOException {
        assertArrayEquals(content, Files.readAllBytes(fetch()));
        assertFalse(Files.exists(partial()), "nothing is left over");
    }

    private String assertFails(RetryPolicy policy) {
        String message =
                assertThrows(DownloadException.class, () -> fetch(policy)).getMessage();
        assertTrue(message.startsWith("owner/model@main, model.safetensors: "), message);
        assertFalse(Files.exists(blob()), "a file that is not whole has no name");
        assertFalse(Files.exists(home.resolve("hub/models--owner--model/snapshots")));
        assertFalse(Files.exists(home.resolve("hub/models--owner--model/refs")));
        return message;
    }

    private String assertFails() {
        return assertFails(TestHub.POLICY);
    }

    /** What each request for the content asked for; "" for all of it. */
    private List<String> ranges() {
        return server.downloads().stream()
                .map(request -> request.header("range"))
                .toList();
    }

    private Fault cutAfter(int bytes) {
        return Fault.cutAfter(bytes).onceIn(partial());
    }

    private static String from(int offset) {
        return "bytes=" + offset + "-";
    }

    @Test
    void aConnectionThatBreaksOffIsResumed() throws IOException {
        server.nextContent(cutAfter(CUT), cutAfter(CUT));
        assertArrives();
        assertEquals(List.of("", from(CUT), from(2 * CUT)), ranges());
    }

    @Test
    void smallFilesAreResumedToo() throws IOException {
        serve(TestFile.small(content));
        server.nextContent(cutAfter(CUT));
        assertArrives();
        assertEquals(List.of("", from(CUT)), ranges());
    }

    @Test
    void bytesThatArriveStartTheCountOfTriesAnew() throws IOException {
        Fault[] faults = new Fault[9];
        Arrays.fill(faults, cutAfter(1000));
        server.nextContent(faults);
        assertArrives();
        assertEquals(10, ranges().size());
    }

    @Test
    void afterFiveTriesThatBringNothingItIsGivenUpAndKept() throws IOException {
        server.nextContent(cutAfter(CUT));
        for (int i = 0; i < 6; i++) {
            server.nextContent(Fault.status(503, Map.of()));
        }
        String message = assertFails();
        assertTrue(message.contains("the server answered 503. What has arrived is kept"), message);
        assertEquals(CUT, Files.size(partial()));
        assertEquals(6, ranges().size());
    }

    @Test
    void theNextCallGoesOnWhereTheLastEnded() throws IOException {
        leave(Arrays.copyOf(content, CUT));
        assertArrives();
        assertEquals(List.of(from(CUT)), ranges());
    }

    @Test
    void whatIsWholeAlreadyIsOnlyVerified() throws IOException {
        leave(content);
        assertArrives();
        assertEquals(List.of(), ranges());
    }

    @Test
    void whatIsTooLongIsLoadedAgain() throws IOException {
        leave(Arrays.copyOf(content, SIZE + 1));
        assertArrives();
        assertEquals(List.of(""), ranges());
    }

    @Test
    void aDamagedBeginningIsFoundAtTheEndAndLoadedAgain() throws IOException {
        leave(new byte[CUT]);
        assertArrives();
        assertEquals(List.of(from(CUT), ""), ranges());
    }

    @Test
    void aServerThatKnowsNoRangesSendsTheWholeAgain() throws IOException {
        leave(Arrays.copyOf(content, CUT));
        server.nextContent(Fault.ignoreRange(2 * CUT).onceIn(partial()));
        assertArrives();
        assertEquals(List.of(from(CUT), from(2 * CUT)), ranges());
    }

    @Test
    void anotherPartThanTheOneAskedForIsNotTaken() throws IOException {
        leave(Arrays.copyOf(content, CUT));
        server.nextContent(Fault.wrongRange());
        assertArrives();
        assertEquals(List.of(from(CUT), ""), ranges());
    }

    @Test
    void aServerThatHasNoSuchPartIsAskedForTheWhole() throws IOException {
        leave(Arrays.copyOf(content, CUT));
        server.nextContent(Fault.status(416, Map.of()));
        assertArrives();
        assertEquals(List.of(from(CUT), ""), ranges());
    }

    @Test
    void aWrongByteIsNoticedAndTheFileLoadedAgain() throws IOException {
        server.nextContent(Fault.corrupt());
        assertArrives();
        serve(TestFile.small(content));
        server.nextContent(Fault.corrupt());
        assertArrives();
        assertEquals(List.of("", "", "", ""), ranges());
    }

    @Test
    void aFileThatStaysWrongIsRefusedWithBothHashes() {
        server.nextContent(Fault.corrupt(), Fault.corrupt());
        byte[] wrong = content.clone();
        wrong[SIZE / 2]++;
        String message = assertFails();
        assertTrue(message.contains("has the hash " + TestFile.large(wrong).etag()), message);
        assertTrue(message.contains("expected " + file.etag()), message);
        assertFalse(Files.exists(partial()));
    }

    @Test
    void withAnEtagThatIsNoHashTheSizeIsVerified() throws IOException {
        serve(file.named("b1946ac9-2"));
        server.nextContent(Fault.corrupt());
        fetch();
        assertTrue(Files.exists(blob()));
        serve(file.named("b1946ac9-3"));
        server.nextContent(Fault.shortenedTo(10), Fault.shortenedTo(10));
        String message = assertThrows(DownloadException.class, this::fetch).getMessage();
        assertTrue(message.contains("has 10 bytes; expected 300000"), message);
    }

    @Test
    void aBodyOfUnknownLengthIsFine() throws IOException {
        server.nextContent(Fault.noLength());
        assertArrives();
    }

    @Test
    void aBusyServerIsAskedAgainAfterTheTimeItNames() throws IOException {
        server.nextContent(Fault.status(429, Map.of("Retry-After", "1")));
        long started = System.nanoTime();
        assertArrives();
        assertTrue(System.nanoTime() - started >= 1_000_000_000);
    }

    @Test
    void aServerThatFallsSilentIsAskedOnceMoreAndGivenUp() throws IOException {
        RetryPolicy policy = new RetryPolicy(Duration.ofSeconds(10), Duration.ofSeconds(1), 5, Duration.ofMillis(5));
        server.nextContent(Fault.stallAfter(CUT), Fault.stallAfter(0));
        String message = assertTimeoutPreemptively(Duration.ofSeconds(120), () -> assertFails(policy));
        assertTrue(message.contains("nothing arrived for 1 s"), message);
        assertEquals(CUT, Files.size(partial()));
        assertArrives();
    }
}
