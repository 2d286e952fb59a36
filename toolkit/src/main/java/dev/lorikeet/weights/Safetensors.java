package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.weights.codec.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format. F32, F16, BF16 and F64 are read as FLOAT32; I8, U8, I16, I32, I64 and BOOL as {@link
 * TensorFile#read} says.
 */
public final class Safetensors extends IndexedFile {

    private Safetensors(FileBytes file, TensorReader reader, SafetensorsHeader header) {
        super(file, reader, header.metadata(), header.tensors());
    }

    /**
     * Opens one file.
     *
     * @throws BadFileException if the file is missing, damaged or cut short
     */
    public static Safetensors open(Path path) {
        return open(path, new TensorReader(TensorType.SAFETENSORS));
    }

    static Safetensors open(Path path, TensorReader reader) {
        return FileBytes.opened(path, file -> new Safetensors(file, reader, SafetensorsHeader.read(file)));
    }

    /**
     * Writes a file whole or not at all, in the order of the reference implementation: wide types first, then by name.
     *
     * @param tensors on any device, in any layout; FLOAT32, FLOAT16, FLOAT64, INT8, UINT8, INT32, INT64 or BOOLEAN
     * @param metadata the file's metadata; may be empty
     * @throws BadArgumentException if a tensor has another type
     * @throws StoppedException if the thread is interrupted; the file is then as it was
     */
    public static void write(Path path, Map<String, NDArray> tensors, Map<String, String> metadata) {
        SafetensorsWriter.write(path, tensors, metadata);
    }

    /**
     * Writes a model's tensors into a folder as Hugging Face's tools do: {@code model.safetensors} if they fit into one file,
     * else {@code model-00001-of-0000N.safetensors} and an index of them. One array at a time is in memory.
     *
     * @param folder created if missing
     * @param tensors F32, F16 or BF16; filled into the files in this order
     * @param metadata the metadata of each file
     * @param limit the most bytes of tensors in a file; a larger tensor gets its own file
     * @return the files, the index last
     * @throws StoppedException if the thread is interrupted; complete files stay
     */
    public static List<Path> writeModel(
            Path folder, List<NewTensor> tensors, Map<String, String> metadata, long limit) {
        return Shards.of(tensors, limit).write(folder, metadata);
    }
}
