package dev.lorikeet.hub;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A lock on one file's download, against other threads and other processes. Waiting for it can be interrupted. */
final class BlobLock {

    private static final long POLL_MILLIS = 50;

    /** Closing any channel to a file drops all of the process's locks on it, so only the holder opens one. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private BlobLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @param onWait runs once if another thread or process holds the lock */
    static BlobLock acquire(Path lockFile, Runnable onWait) throws IOException, InterruptedException {
        Path file = lockFile.toAbsolutePath().normalize();
        Files.createDirectories(file.getParent());
        boolean waiting = false;
        while (true) {
            BlobLock lock = tryAcquire(file);
            if (lock != null) {
                return lock;
            }
            if (!waiting) {
                waiting = true;
                onWait.run();
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static BlobLock tryAcquire(Path file) throws IOException {
        if (!HELD_HERE.add(file)) {
            return null;
        }
        FileChannel channel = null;
        boolean acquired = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            acquired = tryLock(channel);
            return acquired ? new BlobLock(file, channel) : null;
        } finally {
            if (!acquired) {
                if (channel != null) {
                    channel.close();
                }
                HELD_HERE.remove(file);
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // This process holds it under another path.
            return false;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // Some network file systems have no locks. There a file may be downloaded twice, which does no harm.
            return true;
        }
    }

    /** Releases the lock. The file stays, since others may have it open while they wait. */
    void release() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
