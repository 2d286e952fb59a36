package dev.lorikeet.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Writes folders whole or not at all. */
public final class AtomicFolders {

    private AtomicFolders() {}

    /**
     * Writes {@code folder} through a temporary one beside it, which then takes its name, so that a reader never sees half
     * of it and a failure leaves the old one. Missing parents are made.
     *
     * @param replaceable whether an old folder with files in it may go
     * @param writer fills the temporary folder
     * @throws BadArgumentException if there is such a file, or a folder that may not go
     */
    public static void write(Path folder, Predicate<Path> replaceable, Consumer<Path> writer) {
        Path target = folder.toAbsolutePath().normalize();
        Path temporary = null;
        try {
            boolean free =
                    !Files.exists(target) || Files.isDirectory(target) && (isEmpty(target) || replaceable.test(target));
            BadArgumentException.unless(
                    free, "folder", folder, "a new or an empty one; this one holds files of others");
            Files.createDirectories(target.getParent());
            temporary = Files.createTempDirectory(target.getParent(), "." + target.getFileName());
            Path made = Files.createDirectory(temporary.resolve("new"));
            writer.accept(made);
            swap(made, target, temporary.resolve("old"));
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be written: " + e.getMessage(), e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    /** A folder with files cannot be replaced in one step: the old one steps aside, and comes back if the new one fails. */
    private static void swap(Path made, Path target, Path aside) throws IOException {
        boolean replaces = Files.exists(target);
        if (replaces) {
            Files.move(target, aside);
        }
        try {
            Files.move(made, target);
        } catch (IOException e) {
            if (replaces) {
                Files.move(aside, target);
            }
            throw e;
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void deleteQuietly(Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // The write itself has already succeeded or failed with its own error; a stray part harms nobody.
        }
    }
}
