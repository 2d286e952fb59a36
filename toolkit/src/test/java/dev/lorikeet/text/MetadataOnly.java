package dev.lorikeet.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metadata of a GGUF file, by the format's description; apart from the toolkit's reader, so as to check it too. */
final class MetadataOnly {

    private final ByteBuffer bytes;

    private MetadataOnly(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    static Map<String, Object> of(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return new MetadataOnly(channel.map(MapMode.READ_ONLY, 0, channel.size())).read();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, Object> read() {
        bytes.position(16);
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (long left = bytes.getLong(); left > 0; left--) {
            metadata.put(string(), value(bytes.getInt()));
        }
        return metadata;
    }

    private Object value(int type) {
        return switch (type) {
            case 0, 1, 7 -> bytes.get();
            case 2, 3 -> bytes.getShort();
            case 4, 5 -> bytes.getInt();
            case 6 -> bytes.getFloat();
            case 8 -> string();
            case 9 -> array();
            case 10, 11 -> bytes.getLong();
            case 12 -> bytes.getDouble();
            default -> throw new AssertionError("type " + type);
        };
    }

    private List<Object> array() {
        int type = bytes.getInt();
        List<Object> values = new ArrayList<>();
        for (long left = bytes.getLong(); left > 0; left--) {
            values.add(value(type));
        }
        return values;
    }

    private String string() {
        byte[] text = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
