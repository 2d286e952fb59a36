package dev.lorikeet.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The expected size and hash of a file.
 *
 * @param size in bytes, if known
 * @param etag 64 hex digits are its SHA-256, 40 its git blob hash (SHA-1); any other says nothing about the content
 */
record Content(OptionalLong size, String etag) {

    boolean isHashed() {
        return isGit() || etag.matches("[0-9a-f]{64}");
    }

    private boolean isGit() {
        return etag.matches("[0-9a-f]{40}");
    }

    /** A digest that yields the etag for the right file; empty if there is none, or if it needs a size that is not known yet. */
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

    /** The same hash with this size. */
    Content sized(long size) {
        return new Content(OptionalLong.of(size), etag);
    }
}
