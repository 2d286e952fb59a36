package dev.lorikeet.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes safetensors files. */
final class SafetensorsWriter {

    private static final int ALIGNMENT = 8;

    /** In the order in which the reference implementation ranks types, narrow ones first. */
    private static final List<DataType> RANKS = List.of(
            DataType.BOOLEAN,
            DataType.UINT8,
            DataType.INT8,
            DataType.FLOAT16,
            DataType.INT32,
            DataType.FLOAT32,
            DataType.FLOAT64,
            DataType.INT64);

    private static final List<String> NAMES = List.of("BOOL", "U8", "I8", "F16", "I32", "F32", "F64", "I64");

    private SafetensorsWriter() {}

    static void write(Path path, Map<String, NDArray> tensors, Map<String, String> metadata) {
        tensors.forEach((name, tensor) -> {
            BadArgumentException.unless(
                    !name.equals(SafetensorsHeader.METADATA), "tensor name", name, "any other; it is reserved");
            BadArgumentException.unless(
                    RANKS.contains(tensor.getDataType()), "type of " + name, tensor.getDataType(), "one of " + RANKS);
        });
        var ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, NDArray> tensor) ->
                                -RANKS.indexOf(tensor.getValue().getDataType()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        AtomicFiles.write(path, channel -> {
            writeFully(channel, header(ordered, metadata));
            for (var tensor : ordered) {
                StoppedException.check("Saving " + path + " was stopped; the file is as it was");
                writeTensor(channel, tensor.getValue());
            }
        });
    }

    private static ByteBuffer header(List<Map.Entry<String, NDArray>> tensors, Map<String, String> metadata) {
        JsonObject json = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject about = new JsonObject();
            new TreeMap<>(metadata).forEach(about::addProperty);
            json.add(SafetensorsHeader.METADATA, about);
        }
        long offset = 0;
        for (var tensor : tensors) {
            NDArray array = tensor.getValue();
            long end = offset + array.getShape().size() * array.getDataType().getNumOfBytes();
            json.add(tensor.getKey(), entry(array, offset, end));
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

    private static JsonObject entry(NDArray array, long begin, long end) {
        JsonArray shape = new JsonArray();
        for (long length : array.getShape().getShape()) {
            shape.add(length);
        }
        JsonArray offsets = new JsonArray();
        offsets.add(begin);
        offsets.add(end);
        JsonObject entry = new JsonObject();
        entry.addProperty("dtype", NAMES.get(RANKS.indexOf(array.getDataType())));
        entry.add("shape", shape);
        entry.add("data_offsets", offsets);
        return entry;
    }

    private static void writeTensor(FileChannel channel, NDArray array) throws IOException {
        try (NDManager temporary = Torch.manager()) {
            NDArray ordered = TensorMemory.inOrder(onCpu(array, temporary), temporary);
            for (ByteBuffer piece : TensorMemory.bytes(ordered)) {
                writeFully(channel, piece);
            }
        }
    }

    private static NDArray onCpu(NDArray array, NDManager temporary) {
        if (!array.getDevice().isGpu()) {
            return array;
        }
        NDArray copy = array.toDevice(Device.cpu(), true);
        NDManager made = copy.getManager();
        copy.attach(temporary);
        if (made != array.getManager()) {
            // The engine opens a manager of its own for the copy and leaves it open.
            made.close();
        }
        return copy;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
