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

    private static String deadProcess() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return String.valueOf(process.pid());
    }

    private static Path file(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    @Test
    void someFilesAreReplacedTogetherAndOthersStay() throws IOException {
        Path folder = home.resolve("folder");
        file(folder.resolve("README.md"), "theirs");
        file(folder.resolve("settings.json"), "old");
        AtomicFolders.update(folder, part -> {
            AtomicFiles.writeText(part.resolve("settings.json"), "new");
            AtomicFiles.writeText(part.resolve("weights"), "1 2 3");
        });
        assertEquals("new", Files.readString(folder.resolve("settings.json")));
        assertEquals("1 2 3", Files.readString(folder.resolve("weights")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(3, files.count());
        }
        assertThrows(
                StoppedException.class,
                () -> AtomicFolders.update(folder, part -> {
                    AtomicFiles.writeText(part.resolve("settings.json"), "newer");
                    throw new StoppedException("as planned");
                }));
        assertEquals("new", Files.readString(folder.resolve("settings.json")));
    }

    /** Each state that a kill can leave, in the order in which they come. */
    @Test
    void aFolderIsFinishedOrAsItWas() throws Exception {
        Path folder = home.resolve("folder");
        Path part = home.resolve(".folder." + deadProcess() + "-1.part");
        file(folder.resolve("file"), "old");
        file(part.resolve("file"), "ne");
        AtomicFolders.recover(folder);
        assertEquals("old", Files.readString(folder.resolve("file")));
        assertEquals(List.of("folder"), names());
        file(home.resolve(".folder.new/file"), "new");
        AtomicFolders.recover(folder);
        assertEquals("new", Files.readString(folder.resolve("file")));
        assertEquals(List.of("folder"), names());
        Files.move(folder, home.resolve(".folder.old"));
        file(home.resolve(".folder.new/file"), "newer");
        AtomicFolders.recoverIn(home);
        assertEquals("newer", Files.readString(folder.resolve("file")));
        assertEquals(List.of("folder"), names());
        file(home.resolve(".folder.old/file"), "new");
        AtomicFolders.recover(folder);
        assertEquals("newer", Files.readString(folder.resolve("file")));
        assertEquals(List.of("folder"), names());
    }

    @Test
    void filesAreFinishedOrAsTheyWere() throws Exception {
        Path folder = home.resolve("folder");
        file(folder.resolve("weights"), "old");
        file(folder.resolve("settings.json"), "old");
        file(folder.resolve(".saved." + deadProcess() + "-1.part/weights"), "ne");
        AtomicFolders.recover(folder);
        assertEquals("old", Files.readString(folder.resolve("weights")));
        // The weights have moved already, and the settings are gone.
        file(folder.resolve("weights"), "new");
        Files.delete(folder.resolve("settings.json"));
        file(folder.resolve(".saved.new/settings.json"), "new");
        AtomicFolders.recover(folder);
        assertEquals("new", Files.readString(folder.resolve("settings.json")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void aLinkIsNotTakenForSomethingUnfinished() throws IOException {
        Path elsewhere = home.resolve("elsewhere");
        file(elsewhere.resolve("secret"), "a key");
        Path folder = Files.createDirectory(home.resolve("folder"));
        Files.createSymbolicLink(folder.resolve(".saved.new"), elsewhere);
        Files.createSymbolicLink(home.resolve(".folder.new"), elsewhere);
        AtomicFolders.recover(folder);
        assertEquals("a key", Files.readString(elsewhere.resolve("secret")));
        assertFalse(Files.exists(folder.resolve("secret")));
    }

    /** A process that is alive may be writing it. */
    @Test
    void thePartOfALivingProcessStays() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Path part = home.resolve(".file.%d-1.part".formatted(process.pid()));
            Files.writeString(part, "half");
            AtomicFiles.writeText(home.resolve("file"), "whole");
            assertTrue(Files.exists(part));
        } finally {
            process.destroyForcibly().waitFor();
        }
        AtomicFiles.writeText(home.resolve("file"), "whole");
        assertEquals(List.of("file"), names());
    }
}
