package dev.lorikeet.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where redirects lead, and what is sent along. */
class RedirectTest {

    private static final String NAME = "owner/model";
    private static final Repository MODEL = Repository.model(NAME);

    @TempDir
    private Path home;

    private final TestHub server = TestHub.start();

    @BeforeEach
    void publish() {
        server.add(NAME, "config.json", "{}".getBytes(UTF_8));
        server.addLarge(NAME, "model.safetensors", new byte[1000]);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String failure() {
        Hub hub = server.client(home);
        return assertThrows(DownloadException.class, () -> hub.fetch(MODEL, List.of("model.safetensors")))
                .getMessage();
    }

    private void assertFailureSays(String part) {
        String message = failure();
        assertTrue(message.contains(part), message);
    }

    @Test
    void theTokenIsForTheHubAlone() {
        server.client(home, Map.of("HF_TOKEN", "hf_secret")).fetch(MODEL, List.of("model.safetensors"));
        assertTrue(server.requests().stream().anyMatch(server::isCdn));
        for (TestRequest request : server.requests()) {
            assertEquals(server.isCdn(request) ? "" : "Bearer hf_secret", request.header("authorization"));
            assertTrue(request.header("user-agent").startsWith("lorikeet/"));
        }
    }

    @Test
    void aRedirectWithinTheHubIsFollowedAndOneAwayTellsEnough() throws IOException {
        Map<String, String> within = Map.of(
                "X-Repo-Commit", server.commit(NAME), "ETag", "W/\"of-this-text\"", "Location", "config.json?again");
        server.next(Fault.status(307, within));
        Path snapshot = server.client(home).fetch(MODEL, List.of("config.json"));
        assertEquals("{}", Files.readString(snapshot.resolve("config.json")));

        String hash = TestFile.small("{}".getBytes(UTF_8)).etag();
        Map<String, String> away = Map.of(
                "X-Repo-Commit", "0".repeat(40), "ETag", "W/\"" + hash + "\"", "Location", "http://nobody.invalid/x");
        server.next(Fault.status(302, away));
        snapshot = server.client(home).fetch(MODEL, List.of("config.json"));
        assertEquals("0".repeat(40), snapshot.getFileName().toString());
        assertEquals("{}", Files.readString(snapshot.resolve("config.json")));
    }

    @Test
    void redirectsDoNotGoOnForever() {
        server.rename(NAME, NAME);
        assertFailureSays("it redirects more than 10 times");
        server.rename(NAME, "no\\such address");
        assertFailureSays("which cannot be followed");
    }

    @Test
    void aRefusalElsewhereIsNotTakenForTheHubs() {
        server.nextContent(Fault.status(403, Map.of()));
        String message = failure();
        assertTrue(message.contains("to which " + server.endpoint() + " redirects, refused it"), message);
        assertFalse(message.contains("licence"), message);
    }
}
