package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.weights.codec.TensorType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** An open file of named tensors. Its header is in memory; tensors are read one by one. */
public interface TensorFile extends AutoCloseable {

    /** How many bytes of two tensors are compared at a time. */
    int COMPARED_BYTES = 1 << 20;

    /**
     * What a file's header says about a tensor.
     *
     * @param shape the shape, rows first as in PyTorch
     * @param type the stored type in the format's own name, such as "BF16" or "Q4_1"
     * @param offset of the first byte, from the start of the file (of its part, in a split model)
     * @param bytes length in the file
     */
    record TensorInfo(String name, Shape shape, String type, long offset, long bytes) {}

    Path path();

    /** The file's metadata: strings in safetensors; see {@link Gguf} for the values of GGUF. */
    Map<String, Object> metadata();

    /** The names of the tensors, in the order in which they are stored. */
    Set<String> names();

    /**
     * What the header says about a tensor.
     *
     * @throws UnknownNameException if there is no such tensor
     */
    TensorInfo entry(String name);

    /**
     * Reads a tensor. Floating-point and quantized types become FLOAT32; integers keep their type, but 16-bit ones, which the
     * engine lacks, become INT32.
     *
     * @param manager owns the result, on its device
     * @throws UnknownNameException if there is no such tensor
     * @throws BadFileException if the file is shorter than when it was opened, or the type is not supported
     * @throws StoppedException if the thread is interrupted; the file may then be closed
     */
    NDArray read(String name, NDManager manager);

    /**
     * Reads a tensor of weights, as FLOAT32.
     *
     * @throws BadFileException as {@link #read} does, and if the file holds integers or booleans there
     */
    default NDArray readWeights(String name, NDManager manager) {
        String stored = entry(name).type();
        TensorType type = TensorType.valueOf(stored);
        if (type.isReadable() && type.inMemory() != DataType.FLOAT32) {
            throw new BadFileException(
                    path(),
                    "tensor \"%s\" is stored as %s; expected weights in floating point, such as F32, F16 or BF16"
                            .formatted(name, stored));
        }
        return read(name, manager);
    }

    /** Fills {@code target} with the stored bytes of a tensor, from its byte {@code from} on. */
    void readStored(String name, long from, ByteBuffer target);

    /** Whether two tensors have one shape, one stored type and the same bytes. */
    default boolean storesAlike(String one, String other) {
        TensorInfo first = entry(one);
        TensorInfo second = entry(other);
        boolean alike = first.shape().equals(second.shape()) && first.type().equals(second.type());
        ByteBuffer ones = ByteBuffer.allocate(COMPARED_BYTES);
        ByteBuffer others = ByteBuffer.allocate(COMPARED_BYTES);
        for (long from = 0; alike && from < first.bytes(); from += COMPARED_BYTES) {
            int count = (int) Math.min(COMPARED_BYTES, first.bytes() - from);
            readStored(one, from, ones.clear().limit(count));
            readStored(other, from, others.clear().limit(count));
            alike = ones.flip().equals(others.flip());
        }
        return alike;
    }

    @Override
    void close();

    /**
     * Opens a safetensors or GGUF file, whole or in several files, given the {@code model.safetensors.index.json} or any GGUF
     * part. The content decides, not the name.
     */
    static TensorFile open(Path path) {
        return FileKind.of(path).open(path);
    }
}
