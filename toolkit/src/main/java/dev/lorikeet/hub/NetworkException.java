package dev.lorikeet.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** A request came to nothing, though the same one may succeed later. The message can be said to people. */
final class NetworkException extends IOException {

    enum Kind {
        /** There is no connection: nobody knows the name, or nobody listens. */
        UNREACHABLE,
        /** Nothing arrived in time. */
        SILENT,
        /** The connection ended too early. */
        BROKEN,
        /** The server asks to come back later. */
        BUSY
    }

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Kind kind;
    private final Duration retryAfter;

    private NetworkException(Kind kind, String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    static NetworkException silent(Duration patience) {
        return new NetworkException(Kind.SILENT, "nothing arrived for " + text(patience), Duration.ZERO, null);
    }

    static NetworkException broken(String message) {
        return new NetworkException(Kind.BROKEN, message, Duration.ZERO, null);
    }

    /** A status such as 503; the server may say in {@code Retry-After} for how many seconds. */
    static NetworkException busy(HubResponse answer) {
        long seconds = answer.header("Retry-After")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(0L);
        Duration wait = Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT.toSeconds()));
        return new NetworkException(Kind.BUSY, "the server answered " + answer.status(), wait, null);
    }

    /** What the HTTP client reports, before an answer or in the middle of one. */
    static NetworkException of(Throwable failure) {
        Kind kind = Kind.BROKEN;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                String message = "the server's name is not known here";
                return new NetworkException(Kind.UNREACHABLE, message, Duration.ZERO, failure);
            }
            if (cause instanceof HttpConnectTimeoutException) {
                kind = Kind.SILENT;
            } else if (cause instanceof ConnectException || cause instanceof SSLException) {
                kind = Kind.UNREACHABLE;
            }
        }
        boolean said = failure.getMessage() != null && !failure.getMessage().isBlank();
        String message = (kind == Kind.BROKEN ? "the connection broke off" : "no connection")
                + (said ? ": " + failure.getMessage() : "");
        return new NetworkException(kind, message, Duration.ZERO, failure);
    }

    Kind kind() {
        return kind;
    }

    /** How long the server asks to be left alone; zero if it does not say. */
    Duration retryAfter() {
        return retryAfter;
    }

    private static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
