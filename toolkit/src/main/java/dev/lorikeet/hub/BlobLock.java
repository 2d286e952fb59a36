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

/**
 * Held while a file is downloaded, so that neither another thread nor another process downloads the same one. Waiting ends
 * with an interrupt.
 */
final class BlobLock {

    private static final long LOOK_MILLIS = 50;

    /** A process's locks on a file are one: closing any channel to it drops them, so only a holder opens one. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private BlobLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @param onWait is run once if somebody else holds the lock */
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
            Thread.sleep(LOOK_MILLIS);
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
            // This process holds it by another path.
            return false;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // Some network file systems have no locks. There a file may be downloaded twice, no worse.
            return true;
        }
    }

    /** The file stays: whoever waits for it has it open. */
    void release() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
