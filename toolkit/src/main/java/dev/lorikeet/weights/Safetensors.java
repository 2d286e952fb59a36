package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The safetensors format. F32, F16, BF16 and F64 are read as FLOAT32; I8, U8, I16, I32, I64 and BOOL as {@link
 * TensorFile#read} says.
 */
public final class Safetensors extends IndexedFile {

    private Safetensors(FileBytes file, SafetensorsHeader header) {
        super(file, StoredType.SAFETENSORS, header.metadata(), header.entries());
    }

    /**
     * @throws BadFileException if the file is missing, damaged or cut short
     */
    public static Safetensors open(Path path) {
        return FileBytes.opened(path, file -> new Safetensors(file, SafetensorsHeader.read(file)));
    }

    /**
     * Writes a file whole or not at all, in the order of the reference implementation: wide types first, then by name.
     *
     * @param tensors on any device, of any layout; FLOAT32, FLOAT16, FLOAT64, INT8, UINT8, INT32, INT64 or BOOLEAN
     * @param metadata what the file says about itself; may be empty
     * @throws BadArgumentException if a tensor has another type
     * @throws StoppedException if the thread is interrupted; the file is then as it was
     */
    public static void write(Path path, Map<String, NDArray> tensors, Map<String, String> metadata) {
        SafetensorsWriter.write(path, tensors, metadata);
    }
}
