package dev.lorikeet.spark;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.base.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Files that go to the executors by broadcast, which executors hand on to each other. Spark's own way with files will not do: a session
 * overlooks those that were added after its first query, and every executor asks for all that were ever added.
 */
final class SentFiles {

    private static final int PART_BYTES = 16 << 20;

    private static final Map<String, List<SentFile>> SENT = new ConcurrentHashMap<>();

    private SentFiles() {}

    /**
     * A file on its way.
     *
     * @param path relative path in the folder that it belongs to
     * @param parts of its content
     */
    record SentFile(String path, List<Broadcast<byte[]>> parts) implements Serializable {

        /** Writes the file below a folder. */
        void writeTo(Path folder) throws IOException {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                for (Broadcast<byte[]> part : parts) {
                    out.write(part.value());
                }
            }
        }
    }

    /**
     * Sends the files of a folder.
     *
     * @param name of the folder
     * @param writer writes the folder
     */
    static List<SentFile> send(JavaSparkContext context, String name, Consumer<Path> writer) {
        return reading(name, writer, parent -> {
            List<SentFile> sent = new ArrayList<>();
            for (Path file : files(parent)) {
                sent.add(new SentFile(parent.relativize(file).toString(), parts(context, file)));
            }
            return List.copyOf(sent);
        });
    }

    /** A hash of the names of a folder's files and of what is in them. */
    static String hash(String name, Consumer<Path> writer) {
        return reading(name, writer, parent -> {
            StringBuilder hashes = new StringBuilder();
            for (Path file : files(parent)) {
                hashes.append(parent.relativize(file))
                        .append(' ')
                        .append(Sha256.of(file))
                        .append('\n');
            }
            return Sha256.of(hashes.toString().getBytes(StandardCharsets.UTF_8));
        });
    }

    private interface FolderReader<T> {
        T read(Path parent) throws IOException;
    }

    /** Reads a folder that is written for that, and deletes it. */
    private static <T> T reading(String name, Consumer<Path> writer, FolderReader<T> reader) {
        Path parent = null;
        try {
            parent = Files.createTempDirectory("lorikeet");
            writer.accept(parent.resolve(name));
            return reader.read(parent);
        } catch (IOException e) {
            throw new LorikeetException(
                    "The model's files could not be written for the executors: " + e.getMessage(), e);
        } finally {
            if (parent != null) {
                AtomicFolders.delete(parent);
            }
        }
    }

    /**
     * Sends the files of a folder once for each application of Spark; they stay there as long as it does.
     *
     * @param content identifies what the files hold
     */
    static List<SentFile> once(JavaSparkContext context, String content, String name, Consumer<Path> writer) {
        return SENT.computeIfAbsent(
                context.sc().applicationId() + " " + content, absent -> send(context, name, writer));
    }

    /** Writes sent files into a new folder of this machine, which the caller deletes. */
    static Path written(List<SentFile> files) {
        try {
            Path folder = Files.createTempDirectory("lorikeet");
            for (SentFile sent : files) {
                sent.writeTo(folder);
            }
            return folder;
        } catch (IOException e) {
            throw new LorikeetException("The files did not arrive: " + e.getMessage(), e);
        }
    }

    private static List<Broadcast<byte[]>> parts(JavaSparkContext context, Path file) throws IOException {
        List<Broadcast<byte[]>> parts = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] part = in.readNBytes(PART_BYTES); part.length > 0; part = in.readNBytes(PART_BYTES)) {
                parts.add(context.broadcast(part));
            }
        }
        return List.copyOf(parts);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
