package dev.lorikeet.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a download leaves in the cache, and when it asks for what. */
class HubTest {

    private static final String MODEL = "owner/some-model";
    private static final byte[] CONFIG = "{\"layers\": 2}".getBytes(UTF_8);
    private static final byte[] WEIGHTS = "weights".repeat(10_000).getBytes(UTF_8);
    private static final List<String> FILES = List.of("config.json", "model.safetensors");

    @TempDir
    private Path home;

    private final TestHub server = TestHub.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private void publish() {
        server.add(MODEL, "config.json", CONFIG).addLarge(MODEL, "model.safetensors", WEIGHTS);
    }

    private Path folder() {
        return home.resolve("hub").resolve("models--owner--some-model");
    }

    private Hub hub() {
        return server.client(home);
    }

    private List<String> methods(int from) {
        return server.requests().stream().skip(from).map(TestRequest::method).toList();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aDownloadHasTheLayoutOfPythonsTools() throws IOException {
        publish();
        Path snapshot = hub().fetch(Repository.model(MODEL), FILES);

        // From git hash-object and sha256sum.
        String config = "56ba9283acfa5b9d205a78bef5e1cc2b1b00c022";
        String weights = "c401e14f8142a658852fb917d777df8ceda333286adf7b875fc3a629b0053fbc";
        String commit = server.commit(MODEL);
        assertEquals(folder().resolve("snapshots").resolve(commit), snapshot);
        assertEquals(
                List.copyOf(new TreeSet<>(List.of(
                        "blobs/" + config,
                        "blobs/" + weights,
                        "refs/main",
                        "snapshots/" + commit + "/config.json",
                        "snapshots/" + commit + "/model.safetensors"))),
                files(folder()));
        assertEquals(commit, Files.readString(folder().resolve("refs/main")));
        assertEquals(Path.of("../../blobs", config), Files.readSymbolicLink(snapshot.resolve("config.json")));
        assertEquals(Path.of("../../blobs", weights), Files.readSymbolicLink(snapshot.resolve("model.safetensors")));
        assertArrayEquals(CONFIG, Files.readAllBytes(snapshot.resolve("config.json")));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(snapshot.resolve("model.safetensors")));
    }

    @Test
    void whatIsInTheCacheIsNotDownloadedAgain() {
        publish();
        Path snapshot = hub().fetch(Repository.model(MODEL), FILES);
        int before = server.requests().size();
        assertEquals(snapshot, hub().fetch(Repository.model(MODEL), FILES));
        assertEquals(List.of("HEAD"), methods(before));
        assertEquals(Optional.of(snapshot), hub().cache().find(MODEL, "main"));
    }

    @Test
    void aNewCommitSharesTheBlobsThatStayed() throws IOException {
        publish();
        Path old = hub().fetch(Repository.model(MODEL), FILES);
        server.add(MODEL, "config.json", "{}".getBytes(UTF_8));
        Path snapshot = hub().fetch(Repository.model(MODEL), FILES);
        assertEquals("{}", Files.readString(snapshot.resolve("config.json")));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(snapshot.resolve("model.safetensors")));
        assertArrayEquals(CONFIG, Files.readAllBytes(old.resolve("config.json")));
        assertEquals(snapshot.getFileName().toString(), Files.readString(folder().resolve("refs/main")));
        assertEquals(3, server.downloads().size());
    }

    @Test
    void aCommitNeedsNoRefAndOnceItIsHereNoRequest() {
        publish();
        Repository pinned = Repository.model(MODEL + "@" + server.commit(MODEL));
        Path snapshot = hub().fetch(pinned, FILES);
        assertFalse(Files.exists(folder().resolve("refs")));
        int before = server.requests().size();
        assertEquals(snapshot, hub().fetch(pinned, FILES));
        assertEquals(List.of(), methods(before));
        assertEquals(Optional.of(snapshot), hub().cache().find(pinned));
    }

    @Test
    void aRevisionMayHaveSlashes() throws IOException {
        server.add("datasets/owner/set", "default/train/0000.parquet", CONFIG);
        Repository converted = Repository.dataset("owner/set@refs/convert/parquet");
        Path snapshot = hub().fetch(converted, List.of("default/train/0000.parquet"));
        Path folder = home.resolve("hub/datasets--owner--set");
        assertEquals(
                server.commit("datasets/owner/set"), Files.readString(folder.resolve("refs/refs/convert/parquet")));
        assertEquals(
                "/datasets/owner/set/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet",
                server.requests().get(0).path());
        Path link = Files.readSymbolicLink(snapshot.resolve("default/train/0000.parquet"));
        assertEquals(Path.of("../../../../blobs", TestFile.small(CONFIG).etag()), link);
        assertEquals(Optional.of(snapshot), hub().cache().find(converted));
    }

    @Test
    void namesMayHaveAnyCharacters() throws IOException {
        String name = "a b+c%20/ü#?.txt";
        server.add("gpt2", name, CONFIG);
        Path snapshot = hub().fetch(Repository.model("gpt2"), List.of(name));
        assertArrayEquals(CONFIG, Files.readAllBytes(snapshot.resolve(name)));
        assertTrue(snapshot.startsWith(home.resolve("hub/models--gpt2")), snapshot.toString());
    }

    @Test
    void filesAreListed() {
        publish();
        Listing expected = new Listing(server.commit(MODEL), FILES, false);
        assertEquals(expected, hub().list(Repository.model(MODEL + "@refs/pr/1")));
        assertEquals(
                "/api/models/owner/some-model/revision/refs%2Fpr%2F1",
                server.requests().get(0).path());
        server.add("datasets/owner/set", "README.md", CONFIG);
        assertEquals(
                List.of("README.md"),
                hub().list(Repository.dataset("owner/set")).files());
        assertEquals(
                "/api/datasets/owner/set/revision/main",
                server.requests().get(1).path());
    }

    @Test
    void aRenamedRepositoryIsFoundByItsOldName() throws IOException {
        publish();
        server.rename("old-name", MODEL);
        Path snapshot = hub().fetch(Repository.model("old-name"), FILES);
        assertArrayEquals(CONFIG, Files.readAllBytes(snapshot.resolve("config.json")));
        assertTrue(snapshot.startsWith(home.resolve("hub/models--old-name")), snapshot.toString());
        assertEquals(FILES, hub().list(Repository.model("old-name")).files());
    }

    @Test
    void aLinkToNothingIsReplaced() throws IOException {
        publish();
        Path snapshot = hub().fetch(Repository.model(MODEL), FILES);
        Files.delete(snapshot.resolve("config.json").toRealPath());
        assertFalse(Files.exists(snapshot.resolve("config.json")));
        hub().fetch(Repository.model(MODEL), FILES);
        assertArrayEquals(CONFIG, Files.readAllBytes(snapshot.resolve("config.json")));
    }

    @Test
    void withoutLinksTheSnapshotHoldsTheFiles() throws IOException {
        publish();
        server.add(MODEL, "copy.json", CONFIG);
        Hub hub = server.client(home, Map.of("HF_HUB_DISABLE_SYMLINKS", "1"));
        Path snapshot = hub.fetch(Repository.model(MODEL), List.of("config.json"));
        assertFalse(Files.isSymbolicLink(snapshot.resolve("config.json")));
        assertArrayEquals(CONFIG, Files.readAllBytes(snapshot.resolve("config.json")));
        assertEquals(List.of(), files(folder().resolve("blobs")));

        // A blob that links use already is copied.
        hub().fetch(Repository.model(MODEL), List.of("copy.json"));
        server.add(MODEL, "third.json", CONFIG);
        Path other = hub.fetch(Repository.model(MODEL), List.of("third.json"));
        assertFalse(Files.isSymbolicLink(other.resolve("third.json")));
        assertArrayEquals(CONFIG, Files.readAllBytes(other.resolve("third.json")));
        assertEquals(List.of(TestFile.small(CONFIG).etag()), files(folder().resolve("blobs")));
    }

    @Test
    void filesOutsideTheRepositoryAreNoFiles() {
        for (String name : List.of("../x", "/etc/x", "a//b", "", "a/./b", "a\\b", "c:x")) {
            assertThrows(BadArgumentException.class, () -> hub().fetch(Repository.model(MODEL), List.of(name)), name);
        }
        assertThrows(BadArgumentException.class, () -> hub().fetch(Repository.model(MODEL), List.of()));
        assertEquals(List.of(), server.requests());
    }
}
