package dev.lorikeet.hub;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One repository's folder in the cache, laid out as Python's huggingface_hub does: the contents in {@code blobs}, named by
 * their etags; in {@code snapshots} a folder for each commit, of links to them; in {@code refs} the commits of branches and
 * tags.
 *
 * @param cache the folder of the whole cache
 * @param links whether snapshots may hold links; otherwise they hold the files themselves
 */
record RepositoryFolder(Path cache, Repository repository, boolean links) {

    Path folder() {
        return cache.resolve(name());
    }

    private String name() {
        return repository.kind().plural() + "--" + repository.id().replace("/", "--");
    }

    Path blob(String etag) {
        return folder().resolve("blobs").resolve(etag);
    }

    Path partial(String etag) {
        return folder().resolve("blobs").resolve(etag + ".incomplete");
    }

    Path lock(String etag) {
        return cache.resolve(".locks").resolve(name()).resolve(etag + ".lock");
    }

    Path snapshot(String commit) {
        return folder().resolve("snapshots").resolve(commit);
    }

    /** The commit that the revision meant when it was last asked for; the revision itself if it is none of those. */
    String commit() {
        Path ref = ref();
        try {
            return Files.isRegularFile(ref) ? Files.readString(ref).strip() : repository.revision();
        } catch (IOException e) {
            throw new BadFileException(ref, "could not be read: " + e.getMessage(), e);
        }
    }

    private Path ref() {
        return folder().resolve("refs").resolve(repository.revision());
    }

    /** Those of {@code files} that a snapshot lacks. */
    List<String> missing(String commit, List<String> files) {
        Path snapshot = snapshot(commit);
        return files.stream()
                .filter(file -> !Files.isRegularFile(snapshot.resolve(file)))
                .toList();
    }

    /** The names of all files in a snapshot, with slashes. */
    List<String> files(String commit) {
        Path snapshot = snapshot(commit);
        try (Stream<Path> files = Files.walk(snapshot)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new BadFileException(snapshot, "could not be read: " + e.getMessage(), e);
        }
    }

    /** Remembers what the revision means at present; a commit means itself. */
    void remember(String commit) throws IOException {
        if (repository.isCommit() || commit().equals(commit)) {
            return;
        }
        Files.createDirectories(ref().getParent());
        Path temporary = beside(ref());
        Files.writeString(temporary, commit);
        Files.move(temporary, ref(), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Puts a blob into a snapshot. Where there can be no link, the file itself goes there: moved if nothing else uses it.
     *
     * @param entry its path in the snapshot
     * @param fresh whether the blob was not there before, so that no other snapshot can need it
     */
    void publish(Path entry, String etag, boolean fresh) throws IOException {
        Path blob = blob(etag);
        Files.createDirectories(entry.getParent());
        // A link to a blob that was removed.
        Files.deleteIfExists(entry);
        if (links && link(entry, blob)) {
            return;
        }
        if (fresh) {
            Files.move(blob, entry, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Path temporary = beside(entry);
            Files.copy(blob, temporary);
            Files.move(temporary, entry, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean link(Path entry, Path blob) throws IOException {
        try {
            // Relative, so that the cache can be moved.
            Files.createSymbolicLink(entry, entry.getParent().relativize(blob));
            return true;
        } catch (FileAlreadyExistsException e) {
            // Python, which does not see our locks, was quicker.
            return Files.exists(entry);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** A new name for a file that will be renamed; not one of {@link Files#createTempFile}, which others may not read. */
    private static Path beside(Path file) {
        return file.resolveSibling("%s.%s.tmp".formatted(file.getFileName(), UUID.randomUUID()));
    }
}
