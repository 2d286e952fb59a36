package dev.lorikeet.weights;

import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.weights.TensorFile.TensorInfo;
import dev.lorikeet.weights.codec.Sizes;
import dev.lorikeet.weights.codec.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The header of a GGUF file: metadata and the list of tensors. */
final class GgufHeader {

    private static final int MAGIC = 0x46554747;
    private static final int MAX_DIMENSIONS = 4;
    private static final int MIN_VALUE_BYTES = 13;
    private static final int MIN_TENSOR_BYTES = 24;
    private static final long DEFAULT_ALIGNMENT = 32;

    private final FileBytes file;
    private final GgufCursor in;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private GgufHeader(FileBytes file) {
        this.file = file;
        this.in = new GgufCursor(file);
    }

    Map<String, Object> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Tensors in the order of their offsets. */
    Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    static GgufHeader read(FileBytes file) {
        GgufHeader header = new GgufHeader(file);
        header.readVersion();
        int tensors = header.in.count(MIN_TENSOR_BYTES);
        int values = header.in.count(MIN_VALUE_BYTES);
        for (int i = 0; i < values; i++) {
            header.readValue();
        }
        header.readTensors(tensors);
        return header;
    }

    private void readVersion() {
        if (in.u4() != MAGIC) {
            throw new BadFileException(file.path(), "is not a GGUF file: it does not begin with GGUF");
        }
        int version = in.u4();
        if (version == 2 || version == 3) {
            return;
        }
        String problem = version != 0 && (version & 0xffff) == 0
                ? "is a big-endian GGUF file; only little-endian ones are supported"
                : "is a GGUF file of version %s; supported are 2 and 3: convert the model again with a newer converter"
                        .formatted(Integer.toUnsignedString(version));
        throw new BadFileException(file.path(), problem);
    }

    private void readValue() {
        in.reading("a metadata key");
        String key = in.string();
        in.reading("metadata \"" + key + "\"");
        if (metadata.put(key, GgufValues.read(in)) != null) {
            throw in.damaged("it is there twice");
        }
    }

    private void readTensors(int count) {
        List<TensorInfo> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(readTensor());
        }
        long alignment = alignment();
        long dataStart = (in.position() + alignment - 1) / alignment * alignment;
        found.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes));
        long end = dataStart;
        for (TensorInfo relative : found) {
            end = place(relative, dataStart, alignment, end);
        }
    }

    /** Reads a tensor's description; its offset still counts from the start of the data. */
    private TensorInfo readTensor() {
        in.reading("a tensor's name");
        String name = in.string();
        in.reading("tensor \"" + name + "\"");
        long[] shape = shape();
        int id = in.u4();
        TensorType type = TensorType.fromGguf(id)
                .orElseThrow(() -> new BadFileException(
                        file.path(),
                        "%s has the type number %s, which is not known; supported are %s"
                                .formatted(
                                        in.reading(),
                                        Integer.toUnsignedString(id),
                                        TensorType.readable(TensorType.GGUF))));
        long bytes = Sizes.bytes(type, shape)
                .orElseThrow(() -> in.damaged("it has the shape %s, impossible for %s, stored in blocks of %d"
                        .formatted(text(shape), type, type.blockWeights())));
        return new TensorInfo(name, new Shape(shape), type.name(), in.u8(), bytes);
    }

    /** As {@link Shape} writes it, which refuses negative numbers. */
    private static String text(long[] shape) {
        return Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    /** Reads a shape, which the file gives with the fastest dimension first. */
    private long[] shape() {
        int dimensions = in.u4();
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
            throw in.damaged("it has %s dimensions; at most %d are possible"
                    .formatted(Integer.toUnsignedString(dimensions), MAX_DIMENSIONS));
        }
        long[] shape = new long[dimensions];
        for (int i = dimensions - 1; i >= 0; i--) {
            shape[i] = in.u8();
        }
        return shape;
    }

    private long alignment() {
        Object value = metadata.getOrDefault("general.alignment", DEFAULT_ALIGNMENT);
        in.reading("metadata \"general.alignment\"");
        if (value instanceof Number number && number.longValue() > 0 && number.longValue() < 1 << 30) {
            return number.longValue();
        }
        throw in.damaged("it is " + value + "; expected a number of bytes");
    }

    private long place(TensorInfo relative, long dataStart, long alignment, long previousEnd) {
        in.reading("tensor \"" + relative.name() + "\"");
        if (relative.offset() < 0 || relative.offset() % alignment != 0) {
            throw in.damaged("its offset %s is not a multiple of the alignment, %d"
                    .formatted(Long.toUnsignedString(relative.offset()), alignment));
        }
        if (relative.offset() > file.size() - dataStart - relative.bytes()) {
            throw in.damaged(
                    "its %d bytes from offset %d of the data, which begin at %d, end after the file's %d: it is cut short"
                            .formatted(relative.bytes(), relative.offset(), dataStart, file.size()));
        }
        long offset = dataStart + relative.offset();
        if (offset < previousEnd) {
            throw in.damaged("it begins at byte %d, but the one before it ends at %d".formatted(offset, previousEnd));
        }
        TensorInfo placed =
                new TensorInfo(relative.name(), relative.shape(), relative.type(), offset, relative.bytes());
        if (tensors.put(placed.name(), placed) != null) {
            throw in.damaged("it is there twice");
        }
        return offset + placed.bytes();
    }
}
