package dev.lorikeet.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A file that is being downloaded, hashed as it grows. An interrupt closes it and keeps what has arrived. */
final class PartialFile implements AutoCloseable {

    private static final int CHUNK = 1 << 20;

    private final Path file;
    private final Content content;
    private final FileChannel channel;
    private Optional<MessageDigest> digest;
    private long length;

    private PartialFile(Path file, Content content, FileChannel channel) {
        this.file = file;
        this.content = content;
        this.channel = channel;
        this.digest = content.digest();
    }

    /**
     * Opens the part that an earlier call left, or an empty file.
     *
     * @param read receives the number of bytes that have been read again for the hash
     */
    static PartialFile open(Path file, Content content, LongConsumer read) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        PartialFile partial = new PartialFile(file, content, channel);
        try {
            partial.length = channel.size();
            if (partial.digest.isPresent()) {
                partial.feed(partial.digest.get(), read);
            }
            channel.position(partial.length);
            return partial;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    long length() {
        return length;
    }

    void append(List<ByteBuffer> buffers) throws IOException {
        for (ByteBuffer buffer : buffers) {
            digest.ifPresent(hash -> hash.update(buffer.duplicate()));
            length += buffer.remaining();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /** Drops everything received so far. */
    void restart() throws IOException {
        channel.truncate(0);
        length = 0;
        digest = content.digest();
    }

    /** What is wrong with the complete file, as the end of the sentence "The file …"; empty if size and hash are right. */
    Optional<String> problem() throws IOException {
        if (content.size().isPresent() && content.size().getAsLong() != length) {
            return Optional.of(
                    "has " + length + " bytes; expected " + content.size().getAsLong());
        }
        if (!content.isHashed()) {
            return Optional.empty();
        }
        String hash = hash();
        return hash.equals(content.etag())
                ? Optional.empty()
                : Optional.of("has the hash " + hash + "; expected " + content.etag());
    }

    private String hash() throws IOException {
        if (digest.isEmpty()) {
            digest = content.sized(length).digest();
            feed(digest.get(), read -> {});
        }
        return HexFormat.of().formatHex(digest.get().digest());
    }

    private void feed(MessageDigest hash, LongConsumer read) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, length)));
        for (long at = 0; at < length; at += chunk.limit()) {
            chunk.clear();
            if (channel.read(chunk, at) < 0) {
                throw new IOException(file + " became shorter while it was read");
            }
            hash.update(chunk.flip());
            read.accept(at + chunk.limit());
        }
    }

    /** Forces the file to disk, so that a crash cannot leave a part of it under its final name. */
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
