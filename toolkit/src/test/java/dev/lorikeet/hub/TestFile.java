package dev.lorikeet.hub;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;

/**
 * A file of a {@link TestHub}.
 *
 * @param large whether it lies on the second server and is named by its sha256; else its name is git's
 */
record TestFile(Source source, long size, String etag, boolean large) {

    /** Gives the content anew each time. */
    interface Source {
        InputStream open() throws IOException;
    }

    static TestFile small(byte[] content) {
        String header = "blob " + content.length + "\0";
        return of(() -> new ByteArrayInputStream(content), content.length, "SHA-1", header);
    }

    static TestFile large(byte[] content) {
        return of(() -> new ByteArrayInputStream(content), content.length, "SHA-256", "");
    }

    static TestFile large(Path content) {
        try {
            return of(() -> Files.newInputStream(content), Files.size(content), "SHA-256", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestFile of(Source source, long size, String algorithm, String header) {
        try (InputStream in = source.open()) {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(header.getBytes(StandardCharsets.US_ASCII));
            byte[] piece = new byte[1 << 16];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
            String etag = HexFormat.of().formatHex(digest.digest());
            return new TestFile(source, size, etag, algorithm.equals("SHA-256"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    TestFile named(String otherEtag) {
        return new TestFile(source, size, otherEtag, large);
    }

    /**
     * Sends the content, or the part that is asked for, with what goes wrong.
     *
     * @param end ends a stall
     */
    void serve(HttpExchange exchange, Fault fault, CountDownLatch end) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        long start = range == null || fault.kind() == Fault.Kind.IGNORE_RANGE
                ? 0
                : Long.parseLong(range.replaceAll("[^0-9]", ""));
        if (start > 0 && start >= size) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + size);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        start = fault.kind() == Fault.Kind.WRONG_RANGE ? start + 1 : start;
        if (start > 0) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + start + "-" + (size - 1) + "/" + size);
        }
        long length =
                switch (fault.kind()) {
                    case NO_LENGTH -> 0;
                    case SHORTENED -> fault.number();
                    default -> size - start;
                };
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, length);
        boolean limited = fault.number() > 0 || fault.kind() == Fault.Kind.STALL;
        send(exchange.getResponseBody(), start, limited ? fault.number() : size, fault.kind() == Fault.Kind.CORRUPT);
        fault.awaitArrival(start + fault.number());
        if (fault.kind() == Fault.Kind.STALL) {
            Fault.await(end);
        }
    }

    /** Sends at most {@code most} bytes from {@code start} on. */
    private void send(OutputStream out, long start, long most, boolean corrupt) throws IOException {
        byte[] piece = new byte[1 << 16];
        try (InputStream in = source.open()) {
            in.skipNBytes(start);
            long at = start;
            long end = Math.min(size, start + most);
            while (at < end) {
                int read = in.read(piece, 0, (int) Math.min(piece.length, end - at));
                long wrong = size / 2 - at;
                if (corrupt && wrong >= 0 && wrong < read) {
                    piece[(int) wrong]++;
                }
                out.write(piece, 0, read);
                at += read;
            }
        }
        out.flush();
    }
}
