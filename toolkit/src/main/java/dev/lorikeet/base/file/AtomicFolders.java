package dev.lorikeet.base.file;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Writes folders, or some files of a folder, whole or not at all, as {@link AtomicFiles} does files. What is written is complete
 * under a name that ends in {@code .new} before it takes the place of the old. A process that is killed in between leaves
 * {@code .new} behind, and {@link #recover} puts it in its place.
 */
public final class AtomicFolders {

    private static final String HIDDEN = ".";
    private static final String NEW = ".new";
    private static final String OLD = ".old";

    /** Inside of a folder, what some of its files are written as. */
    private static final String FILES = "saved";

    private static final String SETTINGS = ".json";

    private AtomicFolders() {}

    /**
     * Writes {@code folder} through a temporary one beside it, which is forced to disk and then renamed. It replaces an old
     * folder at that moment; if anything fails before, the old one stays.
     *
     * @param writer fills the given folder, through {@link AtomicFiles} so that its files are on disk as well
     */
    public static void write(Path folder, Consumer<Path> writer) {
        Path target = folder.toAbsolutePath().normalize();
        recover(target);
        try {
            Files.createDirectories(target.getParent());
            fill(target, writer);
            replace(target);
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be written: " + e.getMessage(), e);
        }
    }

    /**
     * Writes some files of a folder, all of them or none, and leaves others alone. Creates missing folders. While they take their
     * places, in microseconds, the settings (.json) are missing, so that no other program reads files of two kinds together.
     *
     * @param writer fills the given folder, without folders in it, through {@link AtomicFiles}
     */
    public static void update(Path folder, Consumer<Path> writer) {
        Path target = folder.toAbsolutePath().normalize();
        recover(target);
        try {
            Files.createDirectories(target);
            fill(target.resolve(FILES), writer);
            spread(target);
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be written: " + e.getMessage(), e);
        }
    }

    /** Fills a temporary folder and renames it to the one that counts. */
    private static void fill(Path target, Consumer<Path> writer) throws IOException {
        Path part = PartFiles.open(target);
        try {
            Files.createDirectories(part);
            writer.accept(part);
            FileTrees.force(part);
            Files.move(part, beside(target, NEW));
        } finally {
            FileTrees.deleteSilently(part);
            PartFiles.close(part);
        }
    }

    /**
     * Finishes what a killed process has begun with a folder or a file, and deletes what it left behind. It is called before
     * they are read or written.
     *
     * @throws BadFileException if that fails
     */
    public static void recover(Path path) {
        Path target = path.toAbsolutePath().normalize();
        if (target.getFileName() == null) {
            return;
        }
        try {
            if (isFolder(beside(target, NEW))) {
                replace(target);
            }
            PartFiles.sweep(target);
            if (Files.isDirectory(target)) {
                FileTrees.deleteSilently(beside(target, OLD));
                spread(target);
                PartFiles.sweep(target.resolve(FILES));
            }
        } catch (IOException e) {
            throw new BadFileException(path, "was not saved to its end, which could not be made up for: " + e, e);
        }
    }

    /** Calls {@link #recover} for the folders in a folder that killed processes have left incomplete. */
    public static void recoverIn(Path folder) {
        for (Path left : hidden(folder, name -> name.endsWith(NEW))) {
            String name = left.getFileName().toString();
            recover(left.resolveSibling(name.substring(HIDDEN.length(), name.length() - NEW.length())));
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
        recover(target);
        try {
            boolean free =
                    !Files.exists(target) || Files.isDirectory(target) && (isEmpty(target) || replaceable.test(target));
            BadArgumentException.unless(
                    free, "folder", folder, "a new or an empty one; this one holds files of others");
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

    /** Puts the new folder in the place of the old. Another process may do the same at this moment. */
    private static void replace(Path target) throws IOException {
        Path next = beside(target, NEW);
        Path old = beside(target, OLD);
        if (Files.exists(target)) {
            FileTrees.deleteSilently(old);
            move(target, old);
        }
        move(next, target);
        FileTrees.force(target.getParent());
        FileTrees.deleteSilently(old);
    }

    /** Puts new files in the places of the old: settings go first and come last. */
    private static void spread(Path folder) throws IOException {
        Path next = beside(folder.resolve(FILES), NEW);
        if (!isFolder(next)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> children = Files.list(next)) {
            files = children.sorted(Comparator.comparing(AtomicFolders::isSettings))
                    .toList();
        }
        for (Path file : files) {
            if (isSettings(file)) {
                Files.deleteIfExists(folder.resolve(file.getFileName()));
            }
        }
        for (Path file : files) {
            move(file, folder.resolve(file.getFileName()));
        }
        FileTrees.force(folder);
        FileTrees.deleteSilently(next);
    }

    /** A link is none: what it names is not ours to move. */
    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isSettings(Path file) {
        return file.toString().endsWith(SETTINGS);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            FileTrees.replace(from, to);
        } catch (NoSuchFileException e) {
            // Another process has moved it.
        }
    }

    private static Path beside(Path target, String ending) {
        return target.resolveSibling(HIDDEN + target.getFileName() + ending);
    }

    /** Lists what interrupted writes and deletions have left in a folder; see {@link #delete}. */
    public static List<Path> leftovers(Path folder) {
        return hidden(folder, AtomicFolders::isLeftover);
    }

    private static List<Path> hidden(Path folder, Predicate<String> wanted) {
        try (Stream<Path> children = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return children.filter(AtomicFolders::isFolder)
                    .filter(child -> child.getFileName().toString().startsWith(HIDDEN))
                    .filter(child -> wanted.test(child.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be read: " + e.getMessage(), e);
        }
    }

    private static boolean isLeftover(String name) {
        return name.endsWith(PartFiles.ENDING) || name.endsWith(OLD);
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
                FileTrees.deleteSilently(old);
                Files.move(folder, old);
            }
            FileTrees.delete(old);
        } catch (IOException e) {
            throw new BadFileException(folder, "could not be deleted: " + e.getMessage(), e);
        }
    }
}
