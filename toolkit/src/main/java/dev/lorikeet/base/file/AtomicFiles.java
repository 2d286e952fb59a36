package dev.lorikeet.base.file;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes files whole or not at all. */
public final class AtomicFiles {

    private AtomicFiles() {}

    /** Writes to an open channel. */
    @FunctionalInterface
    public interface ChannelWriter {
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes {@code file} through a temporary file beside it, which is forced to disk and then renamed: a reader never sees
     * half of it, and a failure leaves the old file. Creates missing folders. What an earlier process left of such a temporary file
     * is deleted.
     *
     * @throws StoppedException if the thread is interrupted; the file is then as it was
     */
    public static void write(Path file, ChannelWriter writer) {
        Path target = file.toAbsolutePath();
        Path part = PartFiles.open(target);
        try {
            Files.createDirectories(target.getParent());
            PartFiles.sweep(target);
            // Not Files.createTempFile, which makes files that other users cannot read.
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writer.writeTo(channel);
                channel.force(true);
            }
            FileTrees.replace(part, target);
            FileTrees.force(target.getParent());
        } catch (ClosedByInterruptException e) {
            StoppedException.check("Writing " + file + " was stopped; it is as it was");
            throw new BadFileException(file, "could not be written: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be written: " + e.getMessage(), e);
        } finally {
            FileTrees.deleteSilently(part);
            PartFiles.close(part);
        }
    }

    /** Copies a file; see {@link #write}. */
    public static void copy(Path from, Path to) {
        write(to, channel -> {
            try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ)) {
                long size = source.size();
                for (long at = 0; at < size; ) {
                    long count = source.transferTo(at, size - at, channel);
                    if (count <= 0) {
                        throw new IOException(from + " has become shorter while it was copied");
                    }
                    at += count;
                }
            }
        });
    }

    /** Writes a text as UTF-8; see {@link #write}. */
    public static void writeText(Path file, String text) {
        write(file, channel -> {
            var bytes = java.nio.ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }
}
