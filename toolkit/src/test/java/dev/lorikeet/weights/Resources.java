package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.tensor.TensorMemory;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** The files made by {@code make_gguf_fixtures.py}, and the bits of arrays. */
final class Resources {

    private Resources() {}

    static Path file(String name) {
        try {
            return Path.of(Resources.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The bits of a small FLOAT32 or INT32 array; all NaNs of floats are made one, since their payload is the hardware's. */
    static int[] bits(NDArray array) {
        if (array.isEmpty()) {
            return new int[0];
        }
        ByteBuffer memory = TensorMemory.bytes(array).get(0);
        int[] bits = new int[memory.capacity() / Integer.BYTES];
        memory.asIntBuffer().get(bits);
        return array.getDataType().isFloating()
                ? Arrays.stream(bits)
                        .map(pattern -> Float.floatToIntBits(Float.intBitsToFloat(pattern)))
                        .toArray()
                : bits;
    }

    static byte[] bytes(NDArray array) {
        byte[] bytes = new byte[0];
        for (ByteBuffer piece : TensorMemory.bytes(array)) {
            bytes = new byte[piece.capacity()];
            piece.get(bytes);
        }
        return bytes;
    }
}
