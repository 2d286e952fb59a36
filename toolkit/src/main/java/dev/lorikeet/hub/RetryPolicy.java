package dev.lorikeet.hub;

import dev.lorikeet.base.BadArgumentException;
import java.time.Duration;

/**
 * Timeouts and retries of downloads.
 *
 * @param connectTimeout longest wait for a connection
 * @param readTimeout longest wait for a response, or for the next bytes
 * @param retries how often in a row a failed request is repeated; bytes that arrive reset the count
 * @param backoff wait before the first retry; it doubles with each further one, up to 8 s
 */
public record RetryPolicy(Duration connectTimeout, Duration readTimeout, int retries, Duration backoff) {

    /** 10 s for a connection, 30 s for bytes, 5 retries with a backoff of 0.5 s. */
    public static final RetryPolicy STANDARD =
            new RetryPolicy(Duration.ofSeconds(10), Duration.ofSeconds(30), 5, Duration.ofMillis(500));

    public RetryPolicy {
        BadArgumentException.unless(retries >= 0, "retries", retries, "0 or more");
    }

    /** One try, with the same timeout for a connection and for bytes. */
    public static RetryPolicy once(Duration timeout) {
        return new RetryPolicy(timeout, timeout, 0, Duration.ZERO);
    }
}
