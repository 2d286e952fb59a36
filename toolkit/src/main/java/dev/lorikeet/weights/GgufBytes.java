package dev.lorikeet.weights;

import dev.lorikeet.base.BadArgumentException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Builds a GGUF header in memory: little-endian values and metadata, which {@link GgufValues} reads back. */
final class GgufBytes {

    private static final long LARGEST_UINT32 = 0xffffffffL;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ByteBuffer buffer() {
        return ByteBuffer.wrap(out.toByteArray());
    }

    GgufBytes u4(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >> shift);
        }
        return this;
    }

    GgufBytes u8(long value) {
        return u4((int) value).u4((int) (value >> Integer.SIZE));
    }

    GgufBytes string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        u8(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    /** Appends a key and its value, in the type that its Java type maps to; see {@link Gguf#write}. */
    GgufBytes entry(String key, Object value) {
        string(key);
        int type = type(key, value);
        return u4(type).value(key, type, value);
    }

    private static int type(String key, Object value) {
        if (value instanceof Integer) {
            return GgufValues.INT32;
        } else if (value instanceof Long number) {
            boolean small = number >= 0 && number <= LARGEST_UINT32;
            return small ? GgufValues.UINT32 : GgufValues.INT64;
        } else if (value instanceof BigInteger number && number.signum() >= 0 && number.bitLength() <= Long.SIZE) {
            return GgufValues.UINT64;
        } else if (value instanceof Float) {
            return GgufValues.FLOAT32;
        } else if (value instanceof Double) {
            return GgufValues.FLOAT64;
        } else if (value instanceof Boolean) {
            return GgufValues.BOOL;
        } else if (value instanceof String) {
            return GgufValues.STRING;
        } else if (value instanceof int[]
                || value instanceof long[]
                || value instanceof float[]
                || value instanceof double[]
                || value instanceof List<?>) {
            return GgufValues.ARRAY;
        }
        throw new BadArgumentException(
                "metadata " + key, value, "a number, a boolean, a string, or an array or list of them");
    }

    private GgufBytes value(String key, int type, Object value) {
        switch (type) {
            case GgufValues.INT32 -> u4((Integer) value);
            case GgufValues.UINT32 -> u4((int) (long) (Long) value);
            case GgufValues.INT64 -> u8((Long) value);
            case GgufValues.UINT64 -> u8(((BigInteger) value).longValue());
            case GgufValues.FLOAT32 -> u4(Float.floatToRawIntBits((Float) value));
            case GgufValues.FLOAT64 -> u8(Double.doubleToRawLongBits((Double) value));
            case GgufValues.BOOL -> out.write((Boolean) value ? 1 : 0);
            case GgufValues.STRING -> string((String) value);
            default -> array(key, value);
        }
        return this;
    }

    private void array(String key, Object value) {
        if (value instanceof int[] array) {
            u4(GgufValues.INT32).u8(array.length);
            for (int element : array) {
                u4(element);
            }
        } else if (value instanceof long[] array) {
            u4(GgufValues.INT64).u8(array.length);
            for (long element : array) {
                u8(element);
            }
        } else if (value instanceof float[] array) {
            u4(GgufValues.FLOAT32).u8(array.length);
            for (float element : array) {
                u4(Float.floatToRawIntBits(element));
            }
        } else if (value instanceof double[] array) {
            u4(GgufValues.FLOAT64).u8(array.length);
            for (double element : array) {
                u8(Double.doubleToRawLongBits(element));
            }
        } else {
            list(key, (List<?>) value);
        }
    }

    /** Appends a list; an empty one counts as a list of strings, as lists of numbers are arrays here. */
    private void list(String key, List<?> values) {
        int type = values.isEmpty() ? GgufValues.STRING : type(key, values.get(0));
        u4(type).u8(values.size());
        for (Object value : values) {
            BadArgumentException.unless(type(key, value) == type, "metadata " + key, value, "one type in a list");
            value(key, type, value);
        }
    }
}
