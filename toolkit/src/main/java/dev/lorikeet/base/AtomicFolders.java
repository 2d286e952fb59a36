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
     * Writes {@code folder} through a temporary one beside it, which is forced to disk and then renamed. It replaces an old
     * folder at that moment; if anything fails before, the old one stays.
     *
     * @param writer fills the given folder, through {@link AtomicFiles} so that its files are on disk as well
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
            deleteSilently(part);
        }
    }

    /**
     * Writes as {@link #write(Path, Consumer)} does, unless that would delete files that this toolkit did not write. Creates
     * missing parents.
     *
     * @param replaceable whether an old folder with files in it may be replaced
     * @throws BadArgumentException if {@code folder} is a file, or a folder that may not be replaced
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
        deleteSilently(old);
        if (Files.exists(target)) {
            Files.move(target, old);
        }
        Files.move(part, target);
        deleteSilently(old);
    }

    private static Path beside(Path target, String ending) {
        return target.resolveSibling(HIDDEN + target.getFileName() + ending);
    }

    /** Lists what interrupted writes and deletions have left in a folder; see {@link #delete}. */
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

    /** Deletes a folder with its contents, if it exists. It is renamed first, so that no half of it stays under its name. */
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

    private static void deleteSilently(Path folder) {
        try {
            delete(folder);
        } catch (BadFileException e) {
            // The rest is listed among the leftovers and does no harm.
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
