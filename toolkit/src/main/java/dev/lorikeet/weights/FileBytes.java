package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** Reads a file at positions; errors name the file. */
final class FileBytes implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private final long size;

    FileBytes(Path path) {
        this.path = path;
        if (Files.isDirectory(path)) {
            throw new BadFileException(path, "is a folder; expected a file of tensors");
        }
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            size = channel.size();
        } catch (NoSuchFileException e) {
            throw new BadFileException(path, "does not exist", e);
        } catch (IOException e) {
            throw new BadFileException(path, "could not be opened: " + e.getMessage(), e);
        }
    }

    /** Opens a file for what {@code reader} makes of it; closes it if that fails. */
    static <T> T opened(Path path, Function<FileBytes, T> reader) {
        FileBytes file = new FileBytes(path);
        try {
            return reader.apply(file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /**
     * Fills {@code target} from its position to its limit.
     *
     * @param what names what is read, for the error
     */
    void read(ByteBuffer target, long position, String what) {
        long at = position;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, at);
                if (count < 0) {
                    throw new BadFileException(
                            path, "ends at byte %d, %d bytes short of %s".formatted(at, target.remaining(), what));
                }
                at += count;
            }
        } catch (ClosedByInterruptException e) {
            StoppedException.check(
                    "Reading " + what + " from " + path + " was stopped; open the file again to continue");
            throw new AssertionError("an interrupt that left no flag", e);
        } catch (ClosedChannelException e) {
            throw new BadFileException(path, "is closed; open it again to read " + what, e);
        } catch (IOException e) {
            throw new BadFileException(path, "could not be read (%s): %s".formatted(what, e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BadFileException(path, "could not be closed: " + e.getMessage(), e);
        }
    }
}
