package dev.lorikeet.hub;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts the failures in a row of one request, and waits between them. */
final class Retries {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

    private final RetryPolicy patience;
    private int failures;

    Retries(RetryPolicy patience) {
        this.patience = patience;
    }

    /** Something arrived: the count starts anew. */
    void progressed() {
        failures = 0;
    }

    /** Waits before the next try; throws {@code failure} if there shall be none. */
    void after(NetworkException failure) throws NetworkException, InterruptedException {
        failures++;
        if (failures > patience.retries()) {
            throw failure;
        }
        Duration pause = patience.pause().multipliedBy(1L << Math.min(failures - 1, 20));
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        pause = pause.compareTo(failure.retryAfter()) > 0 ? pause : failure.retryAfter();
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
}
