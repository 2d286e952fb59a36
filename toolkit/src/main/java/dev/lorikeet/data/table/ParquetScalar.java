package dev.lorikeet.data.table;

import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** Converts a single value of a Parquet file to JSON: a number, a truth value, or a text for all else. */
final class ParquetScalar {

    private static final long NANOS = 1_000_000_000L;

    /** The day 1970-01-01 in the count of days that {@code INT96} has. */
    private static final int FIRST_DAY = 2_440_588;

    private ParquetScalar() {}

    static JsonPrimitive of(Group group, int field, int index, PrimitiveType type) {
        LogicalTypeAnnotation kind = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> new JsonPrimitive(group.getBoolean(field, index));
            case FLOAT -> number(group.getFloat(field, index));
            case DOUBLE -> number(group.getDouble(field, index));
            case INT32 ->
                integer(
                        isUnsigned(kind)
                                ? Integer.toUnsignedLong(group.getInteger(field, index))
                                : group.getInteger(field, index),
                        kind);
            case INT64 -> integer(group.getLong(field, index), kind);
            case INT96 -> moment(group.getInt96(field, index));
            case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(group.getBinary(field, index), type);
        };
    }

    private static boolean isUnsigned(LogicalTypeAnnotation kind) {
        return kind instanceof IntLogicalTypeAnnotation integer && !integer.isSigned();
    }

    /** Writes a number with a fraction; JSON has none that is not finite. */
    private static JsonPrimitive number(Number value) {
        return Double.isFinite(value.doubleValue()) ? new JsonPrimitive(value) : new JsonPrimitive(value.toString());
    }

    private static JsonPrimitive integer(long value, LogicalTypeAnnotation kind) {
        if (kind instanceof DecimalLogicalTypeAnnotation decimal) {
            return new JsonPrimitive(BigDecimal.valueOf(value, decimal.getScale()));
        }
        if (kind instanceof DateLogicalTypeAnnotation) {
            return new JsonPrimitive(LocalDate.ofEpochDay(value).toString());
        }
        if (kind instanceof TimeLogicalTypeAnnotation time) {
            return new JsonPrimitive(
                    LocalTime.ofNanoOfDay(value * nanos(time.getUnit())).toString());
        }
        if (kind instanceof TimestampLogicalTypeAnnotation timestamp) {
            long perSecond = NANOS / nanos(timestamp.getUnit());
            return moment(
                    Math.floorDiv(value, perSecond),
                    Math.floorMod(value, perSecond) * nanos(timestamp.getUnit()),
                    timestamp.isAdjustedToUTC());
        }
        return isUnsigned(kind)
                ? new JsonPrimitive(new BigInteger(Long.toUnsignedString(value)))
                : new JsonPrimitive(value);
    }

    private static long nanos(TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000_000;
            case MICROS -> 1_000;
            case NANOS -> 1;
        };
    }

    private static JsonPrimitive moment(long seconds, long nanos, boolean inUtc) {
        Instant moment = Instant.ofEpochSecond(seconds, nanos);
        return new JsonPrimitive(
                inUtc
                        ? moment.toString()
                        : moment.atOffset(ZoneOffset.UTC).toLocalDateTime().toString());
    }

    /** Reads the old form of a moment: the nanoseconds of a day and the number of the day. */
    private static JsonPrimitive moment(Binary value) {
        ByteBuffer bytes = value.toByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = bytes.getLong();
        long day = bytes.getInt() - FIRST_DAY;
        return moment(day * 24 * 60 * 60 + Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS), false);
    }

    private static JsonPrimitive binary(Binary value, PrimitiveType type) {
        LogicalTypeAnnotation kind = type.getLogicalTypeAnnotation();
        if (kind instanceof DecimalLogicalTypeAnnotation decimal) {
            return new JsonPrimitive(new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale()));
        }
        if (kind instanceof UUIDLogicalTypeAnnotation) {
            ByteBuffer bytes = value.toByteBuffer().slice();
            return new JsonPrimitive(new UUID(bytes.getLong(), bytes.getLong()).toString());
        }
        if (kind instanceof Float16LogicalTypeAnnotation) {
            return number(Float.parseFloat(type.stringifier().stringify(value)));
        }
        try {
            return new JsonPrimitive(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(value.toByteBuffer())
                    .toString());
        } catch (CharacterCodingException e) {
            return new JsonPrimitive(String.format(Locale.ROOT, "(%,d bytes)", value.length()));
        }
    }
}
