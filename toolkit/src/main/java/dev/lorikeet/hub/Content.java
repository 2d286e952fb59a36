package dev.lorikeet.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a file before it is here.
 *
 * @param size in bytes, if known
 * @param etag 64 hex digits are its sha256, 40 the name that git gives it (a sha1); any other says nothing of the content
 */
record Content(OptionalLong size, String etag) {

    boolean isHashed() {
        return isGit() || etag.matches("[0-9a-f]{64}");
    }

    private boolean isGit() {
        return etag.matches("[0-9a-f]{40}");
    }

    /** A digest that gives the etag when fed with the file; empty if there is none, or it wants a size not yet known. */
    Optional<MessageDigest> digest() {
        if (!isHashed() || (isGit() && size.isEmpty())) {
            return Optional.empty();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance(isGit() ? "SHA-1" : "SHA-256");
            if (isGit()) {
                digest.update(("blob " + size.getAsLong() + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            return Optional.of(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1 and SHA-256", e);
        }
    }

    /** The same content, of this size. */
    Content sized(long size) {
        return new Content(OptionalLong.of(size), etag);
    }
}
