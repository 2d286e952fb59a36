package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.base.file.AtomicFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedFoldersTest {

    @TempDir
    private Path home;

    @Test
    void aNewFolderAppearsWholeWithItsParents() throws IOException {
        Path folder = home.resolve("a/b");
        AtomicFolders.write(folder, old -> false, part -> {
            AtomicFiles.writeText(part.resolve("file"), "new");
            assertFalse(Files.exists(folder));
        });
        assertEquals("new", Files.readString(folder.resolve("file")));
        assertEquals(List.of(folder), list(home.resolve("a")));
    }

    @Test
    void aFailureLeavesTheOldFolderAndNothingElse() throws IOException {
        Path folder = Files.createDirectory(home.resolve("folder"));
        Files.writeString(folder.resolve("file"), "old");
        var failure = new StoppedException("stopped");
        assertEquals(
                failure,
                assertThrows(
                        StoppedException.class,
                        () -> AtomicFolders.write(folder, old -> true, part -> {
                            AtomicFiles.writeText(part.resolve("file"), "new");
                            throw failure;
                        })));
        assertEquals("old", Files.readString(folder.resolve("file")));
        assertEquals(List.of(folder), list(home));
    }

    @Test
    void anOldFolderGoesOnlyIfItMay() throws IOException {
        Path folder = Files.createDirectory(home.resolve("folder"));
        AtomicFolders.write(folder, old -> false, part -> AtomicFiles.writeText(part.resolve("first"), "1"));
        String message = assertThrows(
                        BadArgumentException.class, () -> AtomicFolders.write(folder, old -> false, part -> {}))
                .getMessage();
        assertTrue(message.contains(folder.toString()), message);
        AtomicFolders.write(folder, old -> true, part -> AtomicFiles.writeText(part.resolve("second"), "2"));
        assertEquals(List.of(folder.resolve("second")), list(folder));
        assertThrows(
                BadArgumentException.class,
                () -> AtomicFolders.write(folder.resolve("second"), old -> true, part -> {}),
                "a file is no folder");
        assertEquals(List.of(folder), list(home));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
