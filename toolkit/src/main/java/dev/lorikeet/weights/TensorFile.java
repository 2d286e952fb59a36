package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** An open file of named tensors. Its table of contents is in memory, its tensors are read one by one. */
public interface TensorFile extends AutoCloseable {

    /**
     * A tensor's place in its file.
     *
     * @param shape rows first, as PyTorch has it
     * @param type the stored type as the format calls it, such as "BF16" or "Q4_1"
     * @param offset of the first byte, from the start of the file
     * @param bytes the stored length
     */
    record TensorInfo(String name, Shape shape, String type, long offset, long bytes) {}

    Path path();

    /** What the file says about itself: strings in safetensors; see {@link Gguf} for the values of GGUF. */
    Map<String, Object> metadata();

    /** The names of the tensors, in the order in which they are stored. */
    Set<String> names();

    /**
     * @throws UnknownNameException if there is no such tensor
     */
    TensorInfo entry(String name);

    /**
     * Reads a tensor. Floating and quantised types come back as FLOAT32; integers keep their type, but those of 16 bits,
     * which the engine does not have, become INT32.
     *
     * @param manager owns the result, on its device
     * @throws UnknownNameException if there is no such tensor
     * @throws BadFileException if the file is shorter than when it was opened, or the type is not supported
     * @throws StoppedException if the thread is interrupted; the file may then be closed
     */
    NDArray read(String name, NDManager manager);

    @Override
    void close();

    /**
     * Opens a safetensors or GGUF file, or the {@code model.safetensors.index.json} of several safetensors files as one; the
     * content decides, not the name.
     */
    static TensorFile open(Path path) {
        return FileKind.of(path).open(path);
    }
}
