package dev.lorikeet.hub;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts consecutive failures of one request and waits between retries. */
final class Retries {

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(8);

    private final RetryPolicy policy;
    private int failures;

    Retries(RetryPolicy policy) {
        this.policy = policy;
    }

    /** Resets the count, as something arrived. */
    void reset() {
        failures = 0;
    }

    /** Waits before the next try, or throws {@code failure} if there are no retries left. */
    void waitAfter(NetworkException failure) throws NetworkException, InterruptedException {
        failures++;
        if (failures > policy.retries()) {
            throw failure;
        }
        Duration wait = policy.backoff().multipliedBy(1L << Math.min(failures - 1, 20));
        wait = wait.compareTo(LONGEST_BACKOFF) < 0 ? wait : LONGEST_BACKOFF;
        wait = wait.compareTo(failure.retryAfter()) > 0 ? wait : failure.retryAfter();
        TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    }
}
