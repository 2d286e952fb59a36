package dev.lorikeet.weights;

import ai.djl.ndarray.types.Shape;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.weights.TensorFile.TensorInfo;
import dev.lorikeet.weights.codec.Sizes;
import dev.lorikeet.weights.codec.TensorType;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The header of a safetensors file: its length in 8 bytes, then JSON. It is as strict as the format's reference implementation:
 * tensors fill the rest of the file without holes or overlaps.
 */
final class SafetensorsHeader {

    static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = 8;
    private static final int LIMIT = 100_000_000;

    private final Path path;
    private final long dataStart;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private SafetensorsHeader(Path path, long dataStart) {
        this.path = path;
        this.dataStart = dataStart;
    }

    Map<String, Object> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Tensors in the order of their offsets. */
    Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    static SafetensorsHeader read(FileBytes file) {
        long length = length(file);
        ByteBuffer json = ByteBuffer.allocate((int) length);
        file.read(json, LENGTH_BYTES, "the header");
        var header = new SafetensorsHeader(file.path(), LENGTH_BYTES + length);
        header.parse(text(file.path(), json.flip()));
        header.checkCoverage(file.size());
        return header;
    }

    private static long length(FileBytes file) {
        ByteBuffer first = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(first, 0, "the header's length");
        long length = first.getLong(0);
        if (length < 0 || length > LIMIT) {
            throw new BadFileException(
                    file.path(),
                    "says that its header has %s bytes; at most %d are allowed, so this is hardly a safetensors file"
                            .formatted(Long.toUnsignedString(length), LIMIT));
        }
        if (length > file.size() - LENGTH_BYTES) {
            throw new BadFileException(
                    file.path(),
                    "is cut short: its header has %d bytes, the whole file %d".formatted(length, file.size()));
        }
        return length;
    }

    private static String text(Path path, ByteBuffer json) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(json);
            if (text.isEmpty() || text.charAt(0) != '{') {
                throw new BadFileException(path, "is not a safetensors file: its header does not begin with {");
            }
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new BadFileException(path, "is damaged: its header is not UTF-8", e);
        }
    }

    private void parse(String text) {
        List<TensorInfo> found = new ArrayList<>();
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (name.equals(METADATA)) {
                    parseMetadata(json);
                } else {
                    found.add(parseTensor(name, json));
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new BadFileException(path, "is damaged: its header goes on after the closing }");
            }
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new BadFileException(path, "is damaged: its header is not as expected: " + e.getMessage(), e);
        }
        found.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes));
        for (TensorInfo entry : found) {
            if (tensors.put(entry.name(), entry) != null) {
                throw wrong(entry.name(), "is there twice");
            }
        }
    }

    private void parseMetadata(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            metadata.put(json.nextName(), json.nextString());
        }
        json.endObject();
    }

    private TensorInfo parseTensor(String name, JsonReader json) throws IOException {
        String type = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            switch (key) {
                case "dtype" -> type = json.nextString();
                case "shape" -> shape = parseLongs(json);
                case "data_offsets" -> offsets = parseLongs(json);
                default -> throw wrong(name, "has an unknown field \"" + key + "\"");
            }
        }
        json.endObject();
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw wrong(name, "needs a dtype, a shape and two data_offsets");
        }
        return checked(name, type, shape, offsets[0], offsets[1]);
    }

    private static long[] parseLongs(JsonReader json) throws IOException {
        List<Long> values = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            values.add(json.nextLong());
        }
        json.endArray();
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private TensorInfo checked(String name, String type, long[] shape, long begin, long end) {
        TensorType stored = TensorType.fromSafetensors(type)
                .orElseThrow(() -> wrong(
                        name,
                        "has the type \"%s\", which is not known; known are %s"
                                .formatted(
                                        type,
                                        TensorType.SAFETENSORS.stream()
                                                .map(Enum::name)
                                                .collect(Collectors.joining(", ")))));
        if (begin < 0 || end < begin) {
            throw wrong(name, "has the offsets %d to %d".formatted(begin, end));
        }
        long bytes = Sizes.bytes(stored, shape)
                .orElseThrow(() -> wrong(name, "has the impossible shape " + List.of(boxed(shape))));
        if (bytes != end - begin) {
            throw wrong(
                    name,
                    "of shape %s and type %s needs %d bytes, but its offsets %d to %d are %d bytes"
                            .formatted(List.of(boxed(shape)), type, bytes, begin, end, end - begin));
        }
        return new TensorInfo(name, new Shape(shape), type, dataStart + begin, bytes);
    }

    /** Checks that each tensor begins where the one before it ends, and that the last ends with the file. */
    private void checkCoverage(long fileSize) {
        long expected = dataStart;
        for (TensorInfo entry : tensors.values()) {
            if (entry.offset() != expected) {
                throw wrong(
                        entry.name(),
                        "begins at byte %d of the file, but the one before it ends at %d: an overlap or a hole"
                                .formatted(entry.offset(), expected));
            }
            expected = entry.offset() + entry.bytes();
            if (expected > fileSize) {
                throw wrong(
                        entry.name(),
                        "ends at byte %d, but the file has only %d: it is cut short".formatted(expected, fileSize));
            }
        }
        if (expected != fileSize) {
            throw new BadFileException(
                    path, "is damaged: its tensors end at byte %d, the file at %d".formatted(expected, fileSize));
        }
    }

    private BadFileException wrong(String tensor, String problem) {
        return new BadFileException(path, "is damaged: tensor \"%s\" %s".formatted(tensor, problem));
    }

    private static Long[] boxed(long[] values) {
        return java.util.Arrays.stream(values).boxed().toArray(Long[]::new);
    }
}
