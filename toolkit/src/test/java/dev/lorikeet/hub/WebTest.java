package dev.lorikeet.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from anywhere on the web; the test's hub stands in for anywhere. */
class WebTest {

    private static final byte[] CONTENT = "0123456789".repeat(1000).getBytes(UTF_8);

    @TempDir
    private Path folder;

    private final TestHub server = TestHub.start();

    @BeforeEach
    void publish() {
        server.addLarge("owner/model", "set.zip", CONTENT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private URI address() {
        return URI.create(server.endpoint() + "/owner/model/resolve/main/set.zip");
    }

    private Path file() {
        return folder.resolve("set.zip");
    }

    private void fetch(Optional<String> sha256) {
        Web.fetch(address(), file(), sha256, "Downloading a set", TestHub.POLICY);
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> ranges() {
        return server.downloads().stream()
                .map(request -> request.header("range"))
                .toList();
    }

    @Test
    void aFileOfUnknownHashIsNeverPutTogetherFromParts() throws IOException {
        Files.writeString(folder.resolve("set.zip.incomplete"), "of another time");
        Files.writeString(file(), "old");
        server.nextContent(Fault.cutAfter(100));
        fetch(Optional.empty());
        assertArrayEquals(CONTENT, Files.readAllBytes(file()));
        assertEquals(List.of("set.zip"), left());
        assertEquals(List.of("", ""), ranges());
    }

    @Test
    void aFileOfKnownHashIsResumedAndVerified() throws IOException {
        Optional<String> hash = Optional.of(TestFile.large(CONTENT).etag());
        server.nextContent(Fault.cutAfter(100).onceIn(folder.resolve("set.zip.incomplete")));
        fetch(hash);
        assertArrayEquals(CONTENT, Files.readAllBytes(file()));
        assertEquals(List.of("", "bytes=100-"), ranges());
        Files.move(file(), folder.resolve("set.zip.incomplete"));
        fetch(hash);
        assertArrayEquals(CONTENT, Files.readAllBytes(file()));
        assertEquals(List.of("", "bytes=100-", "bytes=10000-"), ranges());
        Files.delete(file());

        Optional<String> other = Optional.of("0".repeat(64));
        String message =
                assertThrows(DownloadException.class, () -> fetch(other)).getMessage();
        assertTrue(
                message.contains("set.zip: the file that localhost sent (twice) has the hash " + hash.get()), message);
        assertEquals(List.of(), left());
        assertThrows(BadArgumentException.class, () -> fetch(Optional.of("no hash")));
    }

    @Test
    void aSmallFileComesIntoMemory() {
        assertArrayEquals(CONTENT, Web.bytes(address(), "Downloading a set", TestHub.POLICY));
        server.nextContent(Fault.status(404, Map.of()));
        String message = assertThrows(
                        DownloadException.class, () -> Web.bytes(address(), "Downloading", TestHub.POLICY))
                .getMessage();
        assertEquals("localhost: the server answered 404", message);
    }
}
