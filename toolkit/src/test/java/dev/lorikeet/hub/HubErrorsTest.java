package dev.lorikeet.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said and done when the hub refuses or cannot be reached. */
class HubErrorsTest {

    private static final String NAME = "owner/model";
    private static final Repository MODEL = Repository.model(NAME);
    private static final List<String> FILES = List.of("config.json", "model.safetensors");
    private static final Map<String, String> OFFLINE = Map.of("HF_HUB_OFFLINE", "1");
    private static final Map<String, String> NOWHERE = Map.of("HF_ENDPOINT", "http://nobody.invalid");

    @TempDir
    private Path home;

    private final TestHub server = TestHub.start();
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void publish() {
        server.add(NAME, "config.json", "{}".getBytes(UTF_8));
        server.addLarge(NAME, "model.safetensors", new byte[1000]);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Hub hub(Map<String, String> variables) {
        return hub(variables, TestHub.POLICY);
    }

    private Hub hub(Map<String, String> variables, RetryPolicy policy) {
        said.clear();
        return server.client(home, variables, policy, said::add);
    }

    private String said() {
        return String.join("\n", said);
    }

    private Path fetch() {
        return hub(Map.of()).fetch(MODEL, FILES);
    }

    private static String failure(Hub hub) {
        return assertThrows(DownloadException.class, () -> hub.fetch(MODEL, FILES))
                .getMessage();
    }

    private void assertFailureSays(Hub hub, String... parts) {
        String message = failure(hub);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void aGatedModelNamesItsPageAndTheToken() {
        server.refuse(NAME, 403, "GatedRepo");
        String page = server.endpoint() + "/owner/model";
        assertFailureSays(hub(Map.of()), NAME, "licence must be accepted", page, "set HF_TOKEN");
        server.refuse(NAME, 401, "GatedRepo");
        assertFailureSays(
                hub(Map.of("HF_TOKEN", "hf_secret")), page, "see that the token in HF_TOKEN is of an account");
        assertFalse(failure(hub(Map.of("HF_TOKEN", "hf_secret"))).contains("hf_secret"));
        assertThrows(DownloadException.class, () -> hub(Map.of()).list(MODEL));
    }

    @Test
    void whatIsNotAllowedForAnotherReasonSaysTheSame() {
        server.refuse(NAME, 401, "");
        assertFailureSays(hub(Map.of()), "the server answered 401", "licence", "HF_TOKEN");
        server.refuse(NAME, 451, "");
        assertFailureSays(hub(Map.of()), "the server answered 451");
    }

    @Test
    void aPasswordInTheEndpointIsNotShown() {
        server.refuse(NAME, 404, "RepoNotFound");
        String address = server.endpoint().toString().replace("//", "//user:hunter2@");
        String message = failure(hub(Map.of("HF_ENDPOINT", address)));
        assertTrue(message.contains("there is no such model on " + server.endpoint()), message);
        assertFalse(message.contains("hunter2"), message);
        String refused = assertThrows(
                        BadArgumentException.class, () -> hub(Map.of("HF_ENDPOINT", "http://user:hunt/er2@:x")))
                .getMessage();
        assertTrue(refused.contains("HF_ENDPOINT is \"http://…@:x\""), refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{\"sha\":\"x\",\"siblings\":[{}]}",
                "{\"sha\":\"x\",\"siblings\":[{\"rfilename\":{}}]}",
                "{\"sha\":\"x\",\"siblings\":{}}",
                "{\"sha\":{},\"siblings\":[]}",
                "{\"sha\":null,\"siblings\":[]}"
            })
    void aListingThatIsNoneIsRefused(String answer) {
        byte[] body = answer.getBytes(UTF_8);
        HttpHandler handler = exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        };
        HttpServer other = started(handler);
        try {
            String address = "http://localhost:" + other.getAddress().getPort();
            Hub hub = hub(Map.of("HF_ENDPOINT", address));
            String message =
                    assertThrows(DownloadException.class, () -> hub.list(MODEL)).getMessage();
            assertTrue(message.contains("its list of files cannot be read, as "), message);
            assertTrue(message.contains("; expected "), message);
        } finally {
            other.stop(0);
        }
    }

    private static HttpServer started(HttpHandler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
            server.createContext("/", handler);
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anUnknownRepositoryOrRevisionIsNamed() {
        Hub hub = hub(Map.of());
        Repository other = Repository.dataset("owner/other");
        String message =
                assertThrows(DownloadException.class, () -> hub.list(other)).getMessage();
        assertTrue(message.contains("datasets/owner/other@main: there is no such data set on"), message);
        // The real hub answers 401 for it to those without a token.
        server.refuse(NAME, 401, "RepoNotFound");
        assertFailureSays(hub, "there is no such model", "or it is private", "HF_TOKEN");
        server.refuse(NAME, 404, "RevisionNotFound");
        assertFailureSays(hub, "no branch, tag or commit \"main\"", server.endpoint() + "/owner/model/tree/main");
    }

    @Test
    void anUnknownFileBringsTheNearestNameBeforeAnythingIsLoaded() {
        List<String> wanted = List.of("model.safetensors", "confg.json");
        String message = assertThrows(
                        UnknownNameException.class, () -> hub(Map.of()).fetch(MODEL, wanted))
                .getMessage();
        assertEquals(
                "There is no file of owner/model@main named \"confg.json\". Did you mean \"config.json\"?"
                        + " There are: config.json, model.safetensors",
                message);
        assertEquals(List.of(), server.downloads());
    }

    @Test
    void ofVeryManyFilesThoseNearbyAreListed() {
        for (int i = 0; i < 120; i++) {
            server.add(NAME, "data/" + i + ".bin", new byte[] {1});
        }
        String message = assertThrows(
                        UnknownNameException.class, () -> hub(Map.of()).fetch(MODEL, List.of("config.jso")))
                .getMessage();
        assertTrue(message.endsWith("There are: config.json, model.safetensors"), message);
    }

    @Test
    void aServerThatIsNoHubIsSaidToBeNone() {
        String wrong = server.endpoint() + "/elsewhere";
        server.refuse("elsewhere/owner/model", 200, "");
        assertFailureSays(hub(Map.of("HF_ENDPOINT", wrong)), "does not answer as a Hugging Face hub", "HF_ENDPOINT");
        Hub hub = hub(Map.of("HF_ENDPOINT", wrong));
        assertThrows(DownloadException.class, () -> hub.list(MODEL));
    }

    @Test
    void offlineTheCacheIsUsedWithoutARequest() {
        Path snapshot = fetch();
        int before = server.requests().size();
        assertEquals(snapshot, hub(OFFLINE).fetch(MODEL, FILES));
        String commit = server.commit(NAME).substring(0, 8);
        assertEquals(
                "owner/model@main: HF_HUB_OFFLINE is set, so localhost was not asked; using commit " + commit
                        + " from the cache.",
                said());
        assertEquals(new Listing(server.commit(NAME), FILES, true), hub(OFFLINE).list(MODEL));
        assertEquals(before, server.requests().size());
    }

    @Test
    void offlineWhatIsMissingIsNamed() {
        assertFailureSays(
                hub(OFFLINE),
                "owner/model@main: HF_HUB_OFFLINE is set",
                home.resolve("hub/models--owner--model").toString(),
                "does not hold config.json, model.safetensors");
        assertThrows(DownloadException.class, () -> hub(OFFLINE).list(MODEL));
        Path snapshot = hub(Map.of()).fetch(MODEL, List.of("config.json"));
        assertFailureSays(hub(OFFLINE), snapshot.toString(), "does not hold model.safetensors");
        assertEquals("", said());
    }

    @Test
    void withoutANetworkTheCacheIsUsedAndThatIsSaid() {
        assertFailureSays(hub(NOWHERE), "nobody.invalid could not be reached (", "does not hold config.json");
        Path snapshot = fetch();
        assertEquals(snapshot, hub(NOWHERE).fetch(MODEL, FILES));
        assertTrue(said().startsWith("owner/model@main: nobody.invalid could not be reached ("), said());
        assertTrue(hub(NOWHERE).list(MODEL).cached());
    }

    @Test
    void aServerThatDoesNotListenCountsAsUnreachable() throws IOException {
        Path snapshot = fetch();
        int port;
        try (ServerSocket unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        Map<String, String> closed = Map.of("HF_ENDPOINT", "http://localhost:" + port);
        assertEquals(snapshot, hub(closed).fetch(MODEL, FILES));
        assertTrue(said().contains("localhost could not be reached ("), said());
    }

    @Test
    void aHubThatStaysBusyCountsAsUnreachable() {
        Path snapshot = fetch();
        for (int i = 0; i < 6; i++) {
            server.next(Fault.status(503, Map.of()));
        }
        assertEquals(snapshot, hub(Map.of()).fetch(MODEL, FILES));
        assertTrue(said().contains("(the server answered 503)"), said());
        server.next(Fault.status(500, Map.of()), Fault.status(502, Map.of()), Fault.status(504, Map.of()));
        assertEquals(snapshot, fetch());
        assertEquals("", said());
    }

    @Test
    void aSilentHubIsGivenUpAtOnce() {
        server.next(Fault.stallAfter(0));
        RetryPolicy policy = new RetryPolicy(Duration.ofMillis(500), Duration.ofMillis(500), 5, Duration.ofMillis(5));
        assertFailureSays(hub(Map.of(), policy), "could not be reached (nothing arrived for 500 ms)");
        assertEquals(1, server.requests().size(), "it is not asked again");
    }

    @Test
    void theLastWholeCommitStaysTheOneThatIsFound() throws IOException {
        Path snapshot = fetch();
        server.addLarge(NAME, "model.safetensors", new byte[2000]);
        server.nextContent(Fault.status(403, Map.of()));
        failure(hub(Map.of()));
        assertEquals(snapshot, hub(OFFLINE).fetch(MODEL, FILES));
        assertEquals(1000, Files.size(snapshot.resolve("model.safetensors")));
    }
}
