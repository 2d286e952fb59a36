package dev.lorikeet.data;

import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.base.BadFileException;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Where one public data set may be found, in order: the folder of {@code LORIKEET_DATA}, the local cache
 * ({@code datasets} in {@code LORIKEET_CACHE}, else in {@code ~/.cache/lorikeet}), its public home.
 *
 * @param data the reader's own folder, if any
 * @param patience how long a silent server is waited for
 */
record PublicSet(Catalogue.Entry entry, Optional<Path> data, Path cache, Duration patience) {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * What was found.
     *
     * @param content the file's bytes, lines ended by LF; empty if it is nowhere
     * @param origin where it is from, as the end of the sentence "5,574 rows …"
     * @param notes what did not work on the way
     */
    record Found(Optional<byte[]> content, String origin, List<String> notes) {}

    static PublicSet named(String name) {
        String cache = System.getenv("LORIKEET_CACHE");
        Path root = cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache", "lorikeet");
        return new PublicSet(
                Catalogue.entry(name),
                Optional.ofNullable(System.getenv("LORIKEET_DATA")).map(Path::of),
                root.resolve("datasets"),
                PATIENCE);
    }

    /** @throws BadFileException if the file in {@code LORIKEET_DATA} is not the published one */
    Found find() {
        List<String> notes = new ArrayList<>();
        Optional<Path> own = data.map(folder -> folder.resolve(entry.file()));
        if (own.isPresent() && Files.exists(own.get())) {
            return new Found(Optional.of(ownFile(own.get())), "from the folder in LORIKEET_DATA", notes);
        }
        own.ifPresent(file -> notes.add("LORIKEET_DATA holds no " + entry.file()));
        Optional<byte[]> cached = cached(notes);
        return cached.isPresent() ? new Found(cached, "from the local cache", notes) : download(notes);
    }

    private byte[] ownFile(Path file) {
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

    private Found download(List<String> notes) {
        URI address = URI.create(entry.address());
        try {
            byte[] archive = Web.bytes(address, "Downloading " + entry.title(), RetryPolicy.once(patience));
            byte[] content = withoutCarriageReturns(member(archive));
            if (!hash(content).equals(entry.sha256())) {
                throw new IOException("what it sent is not the published file (sha256 " + hash(content) + ")");
            }
            keep(content, notes);
            return new Found(Optional.of(content), "downloaded from " + address.getHost(), notes);
        } catch (DownloadException | BadFileException e) {
            notes.add(e.getMessage());
            return new Found(Optional.empty(), "", notes);
        } catch (IOException e) {
            notes.add(address.getHost() + ": " + e.getMessage());
            return new Found(Optional.empty(), "", notes);
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
        throw new IOException("what it sent is no archive with a member " + entry.member());
    }

    /** A cache that cannot be written costs another download next time, no more. */
    private void keep(byte[] content, List<String> notes) {
        try {
            AtomicFiles.write(cache.resolve(entry.file()), channel -> {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        } catch (BadFileException e) {
            notes.add("it could not be kept: " + e.getMessage());
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be read: " + e.getMessage(), e);
        }
    }

    /** As Latin-1 every byte is one character, so nothing but the line ends can change. */
    private static byte[] withoutCarriageReturns(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1)
                .replace("\r\n", "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
