package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {

    @TempDir
    private Path folder;

    @Test
    void findsASnapshotByBranchAndByCommit() throws IOException {
        HubCache cache = new HubCache(folder);
        assertEquals(Optional.empty(), cache.find("some/model", "main"));
        Path model = folder.resolve("models--some--model");
        Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve("abc"));
        assertEquals(Optional.empty(), cache.find("some/model", "main"));
        Files.writeString(Files.createDirectories(model.resolve("refs")).resolve("main"), "abc\n");
        assertEquals(Optional.of(snapshot), cache.find("some/model", "main"));
        assertEquals(Optional.of(snapshot), cache.find("some/model", "abc"));
        assertEquals(Optional.empty(), cache.find("some/model", "other"));
        assertEquals(Optional.empty(), cache.find("other/model", "main"));
    }
}
