package dev.lorikeet.tensor.format;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.TensorMemory;
import java.nio.ByteBuffer;

/** Arrays of bytes that Java has filled. */
final class QuantizedValues {

    private QuantizedValues() {}

    /** @param type INT8 or UINT8 */
    static NDArray of(byte[] values, DataType type, NDManager manager) {
        try (NDManager host = manager.newSubManager(Device.cpu())) {
            NDArray array = host.create(new Shape(values.length), type);
            int at = 0;
            for (ByteBuffer memory : TensorMemory.bytes(array)) {
                int count = memory.remaining();
                memory.put(values, at, count);
                at += count;
            }
            NDArray placed = array.toDevice(manager.getDevice(), false);
            placed.attach(manager);
            return placed;
        }
    }
}
