package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder is there whole or not at all. */
class AtomicFoldersTest {

    @TempDir
    Path home;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void write(Path folder, String text) {
        AtomicFolders.write(folder, part -> {
            assertFalse(part.equals(folder));
            AtomicFiles.writeText(part.resolve("deep/file"), text);
        });
    }

    @Test
    void isWrittenAndReplaced() throws IOException {
        Path folder = home.resolve("folder");
        write(folder, "one");
        write(folder, "two");
        assertEquals("two", Files.readString(folder.resolve("deep/file")));
        assertEquals(List.of("folder"), names());
    }

    @Test
    void aFailureLeavesTheOldOne() throws IOException {
        Path folder = home.resolve("folder");
        write(folder, "one");
        assertThrows(
                StoppedException.class,
                () -> AtomicFolders.write(folder, part -> {
                    AtomicFiles.writeText(part.resolve("deep/file"), "half");
                    throw new StoppedException("as planned");
                }));
        assertEquals("one", Files.readString(folder.resolve("deep/file")));
        assertEquals(List.of("folder"), names());
    }

    @Test
    void leftoversAreFoundAndDeleted() throws IOException {
        Path part = Files.createDirectories(home.resolve(".a.part"));
        Path old = Files.createDirectories(home.resolve(".b.old"));
        Files.createDirectories(home.resolve(".hidden"));
        Files.writeString(part.resolve("file"), "half");
        assertEquals(List.of(part, old), AtomicFolders.leftovers(home));
        AtomicFolders.leftovers(home).forEach(AtomicFolders::delete);
        assertEquals(List.of(".hidden"), names());
        assertEquals(List.of(), AtomicFolders.leftovers(home.resolve("nowhere")));
    }

    @Test
    void deletesTrees() throws IOException {
        write(home.resolve("folder"), "one");
        AtomicFolders.delete(home.resolve("folder"));
        AtomicFolders.delete(home.resolve("folder"));
        assertTrue(names().isEmpty());
    }

    @Test
    void whatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");
        String message = assertThrows(BadFileException.class, () -> write(file.resolve("folder"), "x"))
                .getMessage();
        assertTrue(message.contains("could not be written"), message);
    }
}
