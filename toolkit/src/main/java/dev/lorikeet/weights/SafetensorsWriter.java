package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.weights.codec.Sizes;
import dev.lorikeet.weights.codec.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes safetensors files. */
final class SafetensorsWriter {

    private static final int ALIGNMENT = 8;

    /** The reference implementation's order of types, narrow ones first. */
    private static final List<TensorType> RANKS = List.of(
            TensorType.BOOL,
            TensorType.U8,
            TensorType.I8,
            TensorType.F16,
            TensorType.BF16,
            TensorType.I32,
            TensorType.F32,
            TensorType.F64,
            TensorType.I64);

    private static final Map<DataType, TensorType> TYPES = Map.of(
            DataType.BOOLEAN, TensorType.BOOL,
            DataType.UINT8, TensorType.U8,
            DataType.INT8, TensorType.I8,
            DataType.FLOAT16, TensorType.F16,
            DataType.INT32, TensorType.I32,
            DataType.FLOAT32, TensorType.F32,
            DataType.FLOAT64, TensorType.F64,
            DataType.INT64, TensorType.I64);

    private SafetensorsWriter() {}

    /** A tensor and the writer of its bytes. */
    private record Item(String name, TensorType type, Shape shape, TensorOutput.ContentWriter body) {

        static Item of(String name, NDArray array) {
            DataType type = array.getDataType();
            BadArgumentException.unless(
                    TYPES.containsKey(type), "type of " + name, type, "one of " + new TreeMap<>(TYPES).keySet());
            return new Item(name, TYPES.get(type), array.getShape(), output -> output.array(array));
        }

        static Item of(NewTensor tensor) {
            BadArgumentException.unless(
                    RANKS.contains(tensor.stored()),
                    "type of " + tensor.name(),
                    tensor.type(),
                    "F32, F16 or BF16, which safetensors has");
            return new Item(tensor.name(), tensor.stored(), tensor.shape(), output -> output.tensor(tensor));
        }

        long bytes() {
            return Sizes.bytes(type, shape.getShape()).orElseThrow();
        }
    }

    static void write(Path path, Map<String, NDArray> tensors, Map<String, String> metadata) {
        writeItems(
                path,
                tensors.entrySet().stream()
                        .map(tensor -> Item.of(tensor.getKey(), tensor.getValue()))
                        .toList(),
                metadata);
    }

    static void write(Path path, List<NewTensor> tensors, Map<String, String> metadata) {
        writeItems(path, tensors.stream().map(Item::of).toList(), metadata);
    }

    private static void writeItems(Path path, List<Item> items, Map<String, String> metadata) {
        items.forEach(item -> BadArgumentException.unless(
                !item.name().equals(SafetensorsHeader.METADATA),
                "tensor name",
                item.name(),
                "any other; it is reserved"));
        List<Item> ordered = items.stream()
                .sorted(Comparator.comparing((Item item) -> -RANKS.indexOf(item.type()))
                        .thenComparing(Item::name))
                .toList();
        TensorOutput.write(path, output -> {
            output.bytes(header(ordered, metadata));
            writeBodies(ordered, output);
        });
    }

    private static void writeBodies(List<Item> items, TensorOutput output) throws IOException {
        for (Item item : items) {
            item.body().writeTo(output);
        }
    }

    private static ByteBuffer header(List<Item> items, Map<String, String> metadata) {
        JsonObject json = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject about = new JsonObject();
            new TreeMap<>(metadata).forEach(about::addProperty);
            json.add(SafetensorsHeader.METADATA, about);
        }
        long offset = 0;
        for (Item item : items) {
            long end = offset + item.bytes();
            json.add(item.name(), entry(item, offset, end));
            offset = end;
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static JsonObject entry(Item item, long begin, long end) {
        JsonArray shape = new JsonArray();
        for (long length : item.shape().getShape()) {
            shape.add(length);
        }
        JsonArray offsets = new JsonArray();
        offsets.add(begin);
        offsets.add(end);
        JsonObject entry = new JsonObject();
        entry.addProperty("dtype", item.type().name());
        entry.add("shape", shape);
        entry.add("data_offsets", offsets);
        return entry;
    }
}
