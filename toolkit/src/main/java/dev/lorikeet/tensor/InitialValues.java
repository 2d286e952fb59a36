package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.DoubleSupplier;

/** Arrays whose values Java draws, so that they are the same on every device and with every engine. */
public final class InitialValues {

    private InitialValues() {}

    /** A float32 array of {@code manager}, on its device, filled in row-major order. */
    public static NDArray draw(NDManager manager, Shape shape, DoubleSupplier values) {
        try (NDManager host = manager.newSubManager(Device.cpu())) {
            NDArray array = host.create(shape, DataType.FLOAT32);
            for (ByteBuffer bytes : TensorMemory.bytes(array)) {
                FloatBuffer floats = bytes.asFloatBuffer();
                while (floats.hasRemaining()) {
                    floats.put((float) values.getAsDouble());
                }
            }
            NDArray placed = array.toDevice(manager.getDevice(), false);
            placed.attach(manager);
            return placed;
        }
    }
}
