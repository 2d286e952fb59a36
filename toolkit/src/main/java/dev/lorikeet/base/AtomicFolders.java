package dev.lorikeet.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Writes folders whole or not at all, as {@link AtomicFiles} does files. */
public final class AtomicFolders {

    private static final String HIDDEN = ".";
    private static final String PART = ".part";
    private static final String OLD = ".old";

    private AtomicFolders() {}

    /**
     * Writes {@code folder} through a temporary one beside it, forced to disk and then renamed. One that is there already is
     * replaced at that moment, and stays if anything fails before.
     *
     * @param writer fills the folder that it is given, its files through {@link AtomicFiles} so that they are on disk as well
     */
    public static void write(Path folder, Consumer<Path> writer) {
        Path target = folder.toAbsolutePath();
        Path part = beside(target, PART);
        try {
            delete(part);
            Files.createDirectories(part);
            writer.accept(part);
            force(part);
            replace(target, part);
            force(target.getParent());
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be written: " + e.getMessage(), e);
        } finally {
            deleteQuietly(part);
        }
    }

    /**
     * As {@link #write(Path, Consumer)}, unless that would take away files of others. Missing parents are made.
     *
     * @param replaceable whether an old folder with files in it may go
     * @throws BadArgumentException if there is such a file, or a folder that may not go
     */
    public static void write(Path folder, Predicate<Path> replaceable, Consumer<Path> writer) {
        Path target = folder.toAbsolutePath().normalize();
        try {
            boolean free =
                    !Files.exists(target) || Files.isDirectory(target) && (isEmpty(target) || replaceable.test(target));
            BadArgumentException.unless(
                    free, "folder", folder, "a new or an empty one; this one holds files of others");
            Files.createDirectories(target.getParent());
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be written: " + e.getMessage(), e);
        }
        write(target, writer);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void replace(Path target, Path part) throws IOException {
        Path old = beside(target, OLD);
        deleteQuietly(old);
        if (Files.exists(target)) {
            Files.move(target, old);
        }
        Files.move(part, target);
        deleteQuietly(old);
    }

    private static Path beside(Path target, String ending) {
        return target.resolveSibling(HIDDEN + target.getFileName() + ending);
    }

    /** What writes and deletions that were cut off have left in a folder; see {@link #delete}. */
    public static List<Path> leftovers(Path folder) {
        try (Stream<Path> children = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return children.filter(Files::isDirectory)
                    .filter(child -> isLeftover(child.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be read: " + e.getMessage(), e);
        }
    }

    private static boolean isLeftover(String name) {
        return name.startsWith(HIDDEN) && (name.endsWith(PART) || name.endsWith(OLD));
    }

    /** Deletes a folder and all that is in it, if it exists; it first takes another name, so that no half of it is left. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            boolean leftover = isLeftover(folder.getFileName().toString());
            Path old = leftover ? folder : beside(folder.toAbsolutePath(), OLD);
            if (!leftover) {
                Files.move(folder, old);
            }
            deleteTree(old);
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be deleted: " + e.getMessage(), e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException problem) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void deleteQuietly(Path folder) {
        try {
            delete(folder);
        } catch (BadFileException e) {
            // What is left shows among the leftovers, and harms nobody until then.
        }
    }

    /** Only some systems can force a folder to disk; others keep its entries safe by themselves. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The files themselves have been forced.
        }
    }
}
