package dev.lorikeet.weights;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Reads GGUF metadata values as Java types; arrays of numbers become primitive arrays, since vocabularies are long. */
final class GgufValues {

    static final int UINT8 = 0;
    static final int INT8 = 1;
    static final int UINT16 = 2;
    static final int INT16 = 3;
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int UINT64 = 10;
    static final int INT64 = 11;
    static final int FLOAT64 = 12;

    /** Arrays may hold arrays; a file that nests them deeper than this is damaged or hostile. */
    private static final int MAX_DEPTH = 8;

    private GgufValues() {}

    /** Reads a type and a value of that type. */
    static Object read(GgufCursor in) {
        int type = in.u4();
        return type == ARRAY ? array(in, 1) : scalar(type, in);
    }

    private static Object scalar(int type, GgufCursor in) {
        return switch (type) {
            case UINT8 -> Byte.toUnsignedInt(in.u1());
            case INT8 -> (int) in.u1();
            case UINT16 -> Short.toUnsignedInt(in.u2());
            case INT16 -> (int) in.u2();
            case UINT32 -> Integer.toUnsignedLong(in.u4());
            case INT32 -> in.u4();
            case FLOAT32 -> Float.intBitsToFloat(in.u4());
            case BOOL -> in.u1() != 0;
            case STRING -> in.string();
            case UINT64 -> unsigned(in.u8());
            case INT64 -> in.u8();
            case FLOAT64 -> Double.longBitsToDouble(in.u8());
            default -> throw unknown(type, in);
        };
    }

    private static Number unsigned(long bits) {
        if (bits >= 0) {
            return bits;
        }
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static Object array(GgufCursor in, int depth) {
        int type = in.u4();
        int length = in.count(width(type, in));
        return switch (type) {
            case UINT8, INT8, UINT16, INT16, INT32 -> integers(type, length, in);
            case UINT32, UINT64, INT64 -> longs(type, length, in);
            case FLOAT32 -> floats(length, in);
            case FLOAT64 -> doubles(length, in);
            default -> objects(type, length, in, depth);
        };
    }

    /** The least number of bytes of a value. */
    private static int width(int type, GgufCursor in) {
        return switch (type) {
            case UINT8, INT8, BOOL -> Byte.BYTES;
            case UINT16, INT16 -> Short.BYTES;
            case UINT32, INT32, FLOAT32 -> Integer.BYTES;
            case STRING, UINT64, INT64, FLOAT64 -> Long.BYTES;
            case ARRAY -> Integer.BYTES + Long.BYTES;
            default -> throw unknown(type, in);
        };
    }

    private static int[] integers(int type, int length, GgufCursor in) {
        int[] values = new int[length];
        for (int i = 0; i < length; i++) {
            values[i] = (int) scalar(type, in);
        }
        return values;
    }

    private static long[] longs(int type, int length, GgufCursor in) {
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
            values[i] = type == UINT32 ? Integer.toUnsignedLong(in.u4()) : in.u8();
        }
        return values;
    }

    private static float[] floats(int length, GgufCursor in) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = Float.intBitsToFloat(in.u4());
        }
        return values;
    }

    private static double[] doubles(int length, GgufCursor in) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = Double.longBitsToDouble(in.u8());
        }
        return values;
    }

    private static List<Object> objects(int type, int length, GgufCursor in, int depth) {
        if (depth > MAX_DEPTH) {
            throw in.damaged("its arrays are nested more than " + MAX_DEPTH + " deep");
        }
        Object[] values = new Object[length];
        for (int i = 0; i < length; i++) {
            values[i] = type == ARRAY ? array(in, depth + 1) : scalar(type, in);
        }
        return Collections.unmodifiableList(Arrays.asList(values));
    }

    private static RuntimeException unknown(int type, GgufCursor in) {
        return in.damaged("it has the value type " + Integer.toUnsignedString(type) + "; known are 0 to 12");
    }
}
