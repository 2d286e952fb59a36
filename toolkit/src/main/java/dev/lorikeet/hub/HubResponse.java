package dev.lorikeet.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's response, whose body is still arriving.
 *
 * @param address the one that responded, after redirects
 */
record HubResponse(URI address, int status, HttpHeaders headers, ResponseBody body) implements AutoCloseable {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    Optional<String> header(String name) {
        return headers.firstValue(name).filter(value -> !value.isBlank());
    }

    /** A header that counts bytes; empty if it is missing or no number. */
    OptionalLong size(String name) {
        return header(name)
                .filter(value -> value.matches("\\d{1,18}"))
                .map(value -> OptionalLong.of(Long.parseLong(value)))
                .orElse(OptionalLong.empty());
    }

    /** Where in the file the body starts: 0 unless it is part of the file, -1 if there is none or the header does not say. */
    long start() {
        if (status == 200) {
            return 0;
        }
        Matcher range = CONTENT_RANGE.matcher(header("Content-Range").orElse(""));
        return range.matches() ? Long.parseLong(range.group(1)) : -1;
    }

    /** The size of the whole file, if the response tells. */
    OptionalLong total() {
        if (status != 206) {
            return size("Content-Length");
        }
        Matcher range = CONTENT_RANGE.matcher(header("Content-Range").orElse(""));
        return range.matches() && !range.group(2).equals("*")
                ? OptionalLong.of(Long.parseLong(range.group(2)))
                : OptionalLong.empty();
    }

    /** The target of a redirect, if it can be followed: never from https to http. */
    Optional<URI> target() {
        try {
            URI target = address.resolve(header("Location").orElseThrow());
            boolean kept = "https".equalsIgnoreCase(target.getScheme())
                    || address.getScheme().equalsIgnoreCase(target.getScheme());
            return kept && target.getHost() != null ? Optional.of(target) : Optional.empty();
        } catch (IllegalArgumentException | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    /** Ends the transfer if it still runs. */
    @Override
    public void close() {
        body.cancel();
    }
}
