package dev.lorikeet.data.catalogue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.base.file.CacheFolder;
import dev.lorikeet.base.file.Sha256;
import dev.lorikeet.hub.DownloadException;
import dev.lorikeet.hub.RetryPolicy;
import dev.lorikeet.hub.Web;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Finds a public data set: first in the folder of {@code LORIKEET_DATA}, then in the local cache ({@code datasets} in
 * {@code LORIKEET_CACHE}, else in {@code ~/.cache/lorikeet}), then at its public address.
 *
 * @param data folder of the user's data; empty: none
 * @param timeout how long to wait for a silent server
 */
public record PublicSet(Catalogue.CatalogueEntry entry, Optional<Path> data, Path cache, Duration timeout) {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /**
     * The result of a search.
     *
     * @param content bytes of the file with LF line ends; empty if it was not found
     * @param origin where the file is from, to end the sentence "5,574 rows …"
     * @param notes failed attempts
     */
    public record FindResult(Optional<byte[]> content, String origin, List<String> notes) {}

    public static PublicSet named(String name) {
        return new PublicSet(
                Catalogue.entry(name),
                Optional.ofNullable(System.getenv("LORIKEET_DATA")).map(Path::of),
                CacheFolder.ofEnvironment().resolve("datasets"),
                TIMEOUT);
    }

    /** @throws BadFileException if the file in {@code LORIKEET_DATA} is not the published one */
    public FindResult find() {
        List<String> notes = new ArrayList<>();
        Optional<Path> local = data.map(folder -> folder.resolve(entry.file()));
        if (local.isPresent() && Files.exists(local.get())) {
            return new FindResult(Optional.of(userFile(local.get())), "from the folder in LORIKEET_DATA", notes);
        }
        local.ifPresent(file -> notes.add("LORIKEET_DATA holds no " + entry.file()));
        Optional<byte[]> cached = cached(notes);
        return cached.isPresent() ? new FindResult(cached, "from the local cache", notes) : download(notes);
    }

    private byte[] userFile(Path file) {
        byte[] content = withoutCarriageReturns(read(file));
        if (!hash(content).equals(entry.sha256())) {
            throw new BadFileException(
                    file,
                    "is not the published file: its sha256 is %s; expected %s. Remove it, or read it with the path as argument"
                            .formatted(hash(content), entry.sha256()));
        }
        return content;
    }

    private Optional<byte[]> cached(List<String> notes) {
        Path file = cache.resolve(entry.file());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] content = read(file);
        if (!hash(content).equals(entry.sha256())) {
            notes.add("the copy in the local cache is damaged");
            return Optional.empty();
        }
        return Optional.of(content);
    }

    private FindResult download(List<String> notes) {
        URI address = URI.create(entry.address());
        try {
            byte[] archive = Web.bytes(address, "Downloading " + entry.title(), RetryPolicy.once(timeout));
            byte[] content = withoutCarriageReturns(member(archive));
            if (!hash(content).equals(entry.sha256())) {
                throw new IOException("the downloaded file is not the published one (sha256 " + hash(content) + ")");
            }
            keep(content, notes);
            return new FindResult(Optional.of(content), "downloaded from " + address.getHost(), notes);
        } catch (DownloadException | BadFileException e) {
            notes.add(e.getMessage());
            return new FindResult(Optional.empty(), "", notes);
        } catch (IOException e) {
            notes.add(address.getHost() + ": " + e.getMessage());
            return new FindResult(Optional.empty(), "", notes);
        }
    }

    private byte[] member(byte[] archive) throws IOException {
        if (entry.member() == null) {
            return archive;
        }
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry next = zip.getNextEntry(); next != null; next = zip.getNextEntry()) {
                if (next.getName().equals(entry.member())) {
                    return zip.readAllBytes();
                }
            }
        }
        throw new IOException("the downloaded file is not an archive with the member " + entry.member());
    }

    /** Caches the file. If the cache cannot be written, the next call downloads it again. */
    private void keep(byte[] content, List<String> notes) {
        try {
            AtomicFiles.write(cache.resolve(entry.file()), channel -> {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        } catch (BadFileException e) {
            notes.add("it could not be cached: " + e.getMessage());
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
    }

    /** Replaces CRLF by LF. In Latin-1 every byte is one character, so nothing else changes. */
    private static byte[] withoutCarriageReturns(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1)
                .replace("\r\n", "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String hash(byte[] content) {
        return Sha256.of(content);
    }
}
