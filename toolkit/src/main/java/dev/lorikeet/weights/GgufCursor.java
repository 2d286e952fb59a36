package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads little-endian values in sequence through a small buffer. */
final class GgufCursor {

    private final FileBytes file;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long bufferEnd;
    private String reading = "the header";

    GgufCursor(FileBytes file) {
        this.file = file;
    }

    /** Sets what is being read from here on, for errors. */
    void reading(String what) {
        reading = what;
    }

    String reading() {
        return reading;
    }

    long position() {
        return bufferEnd - buffer.remaining();
    }

    byte u1() {
        return ready(Byte.BYTES).get();
    }

    short u2() {
        return ready(Short.BYTES).getShort();
    }

    int u4() {
        return ready(Integer.BYTES).getInt();
    }

    long u8() {
        return ready(Long.BYTES).getLong();
    }

    /** Reads a length in 8 bytes and that many bytes of UTF-8. */
    String string() {
        int length = count(1);
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, buffer.capacity());
            ready(part).get(bytes, done, part);
            done += part;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Reads a count of items that follow. A count that the rest of the file cannot hold is damage, found before memory is
     * allocated.
     *
     * @param bytesEach the least number of bytes of an item
     */
    int count(int bytesEach) {
        long count = u8();
        long most = Math.min(Integer.MAX_VALUE - 8, (file.size() - position()) / bytesEach);
        if (count < 0 || count > most) {
            throw damaged("it has the length %s, but the rest of the file holds at most %d"
                    .formatted(Long.toUnsignedString(count), most));
        }
        return (int) count;
    }

    BadFileException damaged(String problem) {
        return new BadFileException(file.path(), "is damaged in %s: %s".formatted(reading, problem));
    }

    private ByteBuffer ready(int bytes) {
        if (buffer.remaining() < bytes) {
            refill(bytes);
        }
        return buffer;
    }

    private void refill(int bytes) {
        long position = position();
        buffer.clear();
        buffer.limit((int) Math.min(buffer.capacity(), Math.max(bytes, file.size() - position)));
        file.read(buffer, position, reading);
        bufferEnd = position + buffer.limit();
        buffer.flip();
    }
}
