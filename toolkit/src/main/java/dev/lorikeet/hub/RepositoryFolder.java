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
 * One repository's folder in the cache, in the layout of Python's huggingface_hub: contents in {@code blobs}, named by their
 * etags; in {@code snapshots} one folder per commit with links to them; in {@code refs} the commits of branches and tags.
 *
 * @param cache the folder of the whole cache
 * @param links whether snapshots may hold links; otherwise they hold the files themselves
 */
record RepositoryFolder(Path cache, Repository repository, boolean links) {

    Path folder() {
        return cache.resolve(name());
    }

    private String name() {
        return repository.type().plural() + "--" + repository.id().replace("/", "--");
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

    /** The last known commit of the revision; the revision itself if none is known. */
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

    /** The {@code files} that a snapshot lacks. */
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

    /** Stores the commit that the revision means now; a commit needs no such note. */
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
     * Puts a blob into a snapshot: as a link, or where links are impossible as a file, moved if nothing else uses it.
     *
     * @param entry the path in the snapshot
     * @param fresh whether the blob is new, so that no other snapshot can need it
     */
    void publish(Path entry, String etag, boolean fresh) throws IOException {
        Path blob = blob(etag);
        Files.createDirectories(entry.getParent());
        // It may be a link to a blob that was removed.
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
            // Python does not see our locks and was quicker.
            return Files.exists(entry);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** A temporary name beside a file; {@link Files#createTempFile} would make a file that other users cannot read. */
    private static Path beside(Path file) {
        return file.resolveSibling("%s.%s.tmp".formatted(file.getFileName(), UUID.randomUUID()));
    }
}
