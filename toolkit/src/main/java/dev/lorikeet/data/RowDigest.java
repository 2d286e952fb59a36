package dev.lorikeet.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes rows of numbers: the first bytes of their SHA-256. */
public final class RowDigest {

    private static final int BYTES = 8;

    private final MessageDigest digest;

    public RowDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    public RowDigest add(int value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
        return this;
    }

    /** Adds a row with its length, so that other row boundaries give another hash. */
    public RowDigest add(int[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * (1 + values.length)).putInt(values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        digest.update(bytes.flip());
        return this;
    }

    public RowDigest add(boolean[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        digest.update(bytes);
        return this;
    }

    RowDigest add(RowTarget target) {
        if (target instanceof RowTarget.OneLabel label) {
            return add(label.index());
        }
        if (target instanceof RowTarget.SeveralLabels flags) {
            return add(flags.holding());
        }
        if (target instanceof RowTarget.Number number) {
            return add(Float.floatToIntBits(number.value()));
        }
        return target instanceof RowTarget.Tags tags ? add(tags.labels()) : add(((RowTarget.NextTokens) target).mask());
    }

    public String hex() {
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }
}
