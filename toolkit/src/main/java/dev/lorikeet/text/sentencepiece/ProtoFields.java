package dev.lorikeet.text.sentencepiece;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The fields of a message in the wire format of Protocol Buffers, one after the other. Damaged bytes end in a
 * {@link java.nio.BufferUnderflowException} or an {@link IllegalArgumentException}.
 */
final class ProtoFields {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer bytes;
    private int number;
    private int type;

    ProtoFields(byte[] message) {
        this(ByteBuffer.wrap(message));
    }

    private ProtoFields(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes to the next field; its value must then be read or skipped. */
    boolean next() {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        type = (int) (tag & 7);
        return true;
    }

    int number() {
        return number;
    }

    long integer() {
        expect(VARINT);
        return varint();
    }

    float decimal() {
        expect(FIXED32);
        return bytes.getFloat();
    }

    String text() {
        return StandardCharsets.UTF_8.decode(part()).toString();
    }

    ProtoFields message() {
        return new ProtoFields(part());
    }

    int skip() {
        int from = bytes.position();
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> bytes.getLong();
            case LENGTH -> part();
            case FIXED32 -> bytes.getInt();
            default -> throw new IllegalArgumentException("field " + number + " has the unknown type " + type);
        }
        return bytes.position() - from;
    }

    private ByteBuffer part() {
        expect(LENGTH);
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException("field " + number + " is longer than the file");
        }
        ByteBuffer part = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return part;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = bytes.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has no end");
    }

    private void expect(int wanted) {
        if (type != wanted) {
            throw new IllegalArgumentException("field " + number + " has type " + type + ", not " + wanted);
        }
    }
}
