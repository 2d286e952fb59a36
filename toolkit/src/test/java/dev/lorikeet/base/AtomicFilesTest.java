package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.file.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

    @TempDir
    private Path folder;

    @Test
    void makesFoldersAndReplacesTheOldFile() throws IOException {
        Path file = folder.resolve("a").resolve("b").resolve("text");
        AtomicFiles.writeText(file, "first, and longer");
        AtomicFiles.writeText(file, "zweite ½");
        assertEquals("zweite ½", Files.readString(file));
        assertEquals(List.of("text"), names(file.getParent()));
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "old");
        IOException cause = new IOException("disk full");
        BadFileException error = assertThrows(
                BadFileException.class,
                () -> AtomicFiles.write(file, channel -> {
                    channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
                    throw cause;
                }));
        assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
        assertTrue(error.getMessage().contains("disk full"), error.getMessage());
        assertSame(cause, error.getCause());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("text"), names(folder));
    }

    @Test
    void anErrorOfAnyKindLeavesNoPartBehind() {
        Path file = folder.resolve("text");
        assertThrows(
                StoppedException.class,
                () -> AtomicFiles.write(file, channel -> {
                    throw new StoppedException("stopped");
                }));
        assertEquals(List.of(), names(folder));
    }

    @Test
    void aFolderThatCannotBeMadeIsAnError() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "a file");
        assertThrows(BadFileException.class, () -> AtomicFiles.writeText(file.resolve("below"), "x"));
    }

    /** Other users may read a file as they may read any other of this user's. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileHasThePermissionsThatTheUmaskGives() throws IOException {
        Path usual = Files.createFile(folder.resolve("usual"));
        Path written = folder.resolve("written");
        AtomicFiles.writeText(written, "text");
        assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(written));
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
        AtomicFiles.copy(written, folder.resolve("copied"));
        assertEquals("text", Files.readString(folder.resolve("copied")));
        assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(folder.resolve("copied")));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
