package dev.lorikeet.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** A request failed, but the same one may succeed later. The message can be shown to people. */
final class NetworkException extends IOException {

    /** Why the request failed. */
    enum Failure {
        /** There is no connection: the name is unknown, or no server listens. */
        UNREACHABLE,
        /** Nothing arrived in time. */
        TIMEOUT,
        /** The connection ended too early. */
        BROKEN,
        /** The server asks to come back later. */
        BUSY
    }

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Failure failure;
    private final Duration retryAfter;

    private NetworkException(Failure failure, String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    static NetworkException timeout(Duration limit) {
        return new NetworkException(Failure.TIMEOUT, "nothing arrived for " + text(limit), Duration.ZERO, null);
    }

    static NetworkException broken(String message) {
        return new NetworkException(Failure.BROKEN, message, Duration.ZERO, null);
    }

    /** A status such as 503; {@code Retry-After} may say how many seconds to wait. */
    static NetworkException busy(HubResponse response) {
        long seconds = response.header("Retry-After")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(0L);
        Duration wait = Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT.toSeconds()));
        return new NetworkException(Failure.BUSY, "the server answered " + response.status(), wait, null);
    }

    /** Translates what the HTTP client reports, before a response or in the middle of one. */
    static NetworkException of(Throwable reported) {
        Failure failure = Failure.BROKEN;
        for (Throwable cause = reported; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                String message = "the server's name is not known here";
                return new NetworkException(Failure.UNREACHABLE, message, Duration.ZERO, reported);
            }
            if (cause instanceof HttpConnectTimeoutException) {
                failure = Failure.TIMEOUT;
            } else if (cause instanceof ConnectException || cause instanceof SSLException) {
                failure = Failure.UNREACHABLE;
            }
        }
        boolean said = reported.getMessage() != null && !reported.getMessage().isBlank();
        String message = (failure == Failure.BROKEN ? "the connection broke off" : "no connection")
                + (said ? ": " + reported.getMessage() : "");
        return new NetworkException(failure, message, Duration.ZERO, reported);
    }

    Failure failure() {
        return failure;
    }

    /** How long the server asks to wait; zero if it does not say. */
    Duration retryAfter() {
        return retryAfter;
    }

    private static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
