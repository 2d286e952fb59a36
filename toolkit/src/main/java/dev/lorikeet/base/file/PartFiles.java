package dev.lorikeet.base.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of what is being written, beside its target: {@code .NAME.PROCESS-NUMBER.part}. By them a later save or load knows what a
 * killed process has left behind.
 */
final class PartFiles {

    static final String ENDING = ".part";

    private static final Pattern NAME = Pattern.compile("\\..*\\.(\\d+)-\\d+\\.part", Pattern.DOTALL);
    private static final long PROCESS = ProcessHandle.current().pid();
    private static final AtomicLong COUNT = new AtomicLong();

    /** What this process is writing: another one of the same number, as in a container that was started again, left the rest. */
    private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();

    private PartFiles() {}

    /** A new name for a target, which is in use until {@link #close}. */
    static Path open(Path target) {
        Path part = target.resolveSibling(
                ".%s.%d-%d%s".formatted(target.getFileName(), PROCESS, COUNT.incrementAndGet(), ENDING));
        LIVE.add(part);
        return part;
    }

    static void close(Path part) {
        LIVE.remove(part);
    }

    /** Deletes what killed processes have left of a target. */
    static void sweep(Path target) {
        String start = "." + target.getFileName() + ".";
        try (DirectoryStream<Path> found = Files.newDirectoryStream(
                target.getParent(), file -> file.getFileName().toString().startsWith(start) && isAbandoned(file))) {
            for (Path part : found) {
                FileTrees.deleteSilently(part);
            }
        } catch (IOException e) {
            // There is no such folder yet, or it cannot be listed: then nothing can be swept.
        }
    }

    private static boolean isAbandoned(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches() || LIVE.contains(file)) {
            return false;
        }
        long process = Long.parseLong(name.group(1));
        return process == PROCESS
                || ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty();
    }
}
