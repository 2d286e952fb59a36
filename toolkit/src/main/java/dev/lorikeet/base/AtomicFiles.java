package dev.lorikeet.base;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
     * half of it, and a failure leaves the old file. Creates missing folders.
     *
     * @throws StoppedException if the thread is interrupted; the file is then as it was
     */
    public static void write(Path file, ChannelWriter writer) {
        Path target = file.toAbsolutePath();
        Path temporary = null;
        try {
            Files.createDirectories(target.getParent());
            temporary = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".part");
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                writer.writeTo(channel);
                channel.force(true);
            }
            move(temporary, target);
        } catch (ClosedByInterruptException e) {
            StoppedException.check("Writing " + file + " was stopped; it is as it was");
            throw new BadFileException(file, "could not be written: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BadFileException(file, "could not be written: " + e.getMessage(), e);
        } finally {
            deleteSilently(temporary);
        }
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

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteSilently(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The write has already succeeded or failed with its own error; a stray part file does no harm.
        }
    }
}
