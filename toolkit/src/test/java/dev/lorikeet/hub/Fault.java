package dev.lorikeet.hub;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * What goes wrong with one answer of a {@link TestHub}.
 *
 * @param number how many bytes, or which status
 * @param headers of the answer, with a status
 * @param arriving the file that has to hold what was sent before the connection ends, if any
 */
public record Fault(Kind kind, long number, Map<String, String> headers, Optional<Path> arriving) {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    enum Kind {
        NONE,
        CUT,
        STALL,
        STATUS,
        IGNORE_RANGE,
        WRONG_RANGE,
        NO_LENGTH,
        SHORTENED,
        CORRUPT
    }

    private static Fault of(Kind kind, long number) {
        return new Fault(kind, number, Map.of(), Optional.empty());
    }

    /** All is well this time. */
    public static Fault none() {
        return of(Kind.NONE, 0);
    }

    /** The connection ends after so many bytes of the body. */
    public static Fault cutAfter(long bytes) {
        return of(Kind.CUT, bytes);
    }

    /** Nothing comes after so many bytes of the body, and the connection stays open. */
    public static Fault stallAfter(long bytes) {
        return of(Kind.STALL, bytes);
    }

    /** A status instead of the content. */
    public static Fault status(int status, Map<String, String> headers) {
        return new Fault(Kind.STATUS, status, headers, Optional.empty());
    }

    /** The whole file, whatever part was asked for, and cut after so many bytes if that is not 0. */
    public static Fault ignoreRange(long cutAfter) {
        return of(Kind.IGNORE_RANGE, cutAfter);
    }

    /** Another part than the one asked for. */
    public static Fault wrongRange() {
        return of(Kind.WRONG_RANGE, 0);
    }

    /** The content, its length not said. */
    public static Fault noLength() {
        return of(Kind.NO_LENGTH, 0);
    }

    /** Only so many bytes, as if they were the whole. */
    public static Fault shortenedTo(long bytes) {
        return of(Kind.SHORTENED, bytes);
    }

    /** One wrong byte in the middle of the file. */
    public static Fault corrupt() {
        return of(Kind.CORRUPT, 0);
    }

    /**
     * The same, but the connection ends only when {@code file} holds all that was sent before: what the HTTP client has not
     * handed over when a connection breaks off may be lost, and does get lost on a busy machine.
     */
    Fault onceIn(Path file) {
        return new Fault(kind, number, headers, Optional.of(file));
    }

    /** Waits until the file that is arriving has {@code size} bytes. */
    void awaitArrival(long size) throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (arriving.isPresent() && System.nanoTime() < end) {
            if (Files.exists(arriving.get()) && Files.size(arriving.get()) >= size) {
                return;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Answers with this instead of anything else; a stall until {@code end}. */
    void answer(HttpExchange exchange, CountDownLatch end) throws IOException {
        if (kind == Kind.STATUS) {
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders((int) number, -1);
        } else if (kind == Kind.STALL) {
            await(end);
        }
    }

    static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
