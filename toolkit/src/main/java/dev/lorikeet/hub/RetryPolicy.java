package dev.lorikeet.hub;

import dev.lorikeet.base.BadArgumentException;
import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param connect for a connection
 * @param silence for an answer, or for the next bytes
 * @param retries how often in a row a request is made again after one that brought nothing; bytes that arrive start the
 *     count anew
 * @param pause before the first of them; each further one waits twice as long as the one before, up to 8 s
 */
public record RetryPolicy(Duration connect, Duration silence, int retries, Duration pause) {

    /** 10 s for a connection, 30 s for bytes, 5 retries from half a second on. */
    public static final RetryPolicy STANDARD =
            new RetryPolicy(Duration.ofSeconds(10), Duration.ofSeconds(30), 5, Duration.ofMillis(500));

    public RetryPolicy {
        BadArgumentException.unless(retries >= 0, "retries", retries, "0 or more");
    }

    /** One try only, which waits this long for a connection and for bytes. */
    public static RetryPolicy once(Duration wait) {
        return new RetryPolicy(wait, wait, 0, Duration.ZERO);
    }
}
