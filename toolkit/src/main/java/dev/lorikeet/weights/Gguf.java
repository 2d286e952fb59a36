package dev.lorikeet.weights;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The GGUF format, versions 2 and 3, little-endian. F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K,
 * Q5_K and Q6_K are read as FLOAT32; I8, I16, I32 and I64 as {@link TensorFile#read} says.
 *
 * <p>Metadata in Java's types: whole numbers that fit are Integer (up to 32 bits signed, 16 unsigned) or Long (the rest;
 * above 2⁶³ BigInteger), then Float, Double, Boolean and String. Arrays of numbers are int[], long[] (64-bit ones above
 * 2⁶³ as their bits), float[] or double[] by the same rule; other arrays are Lists.
 */
public final class Gguf extends IndexedFile {

    private Gguf(FileBytes file, GgufHeader header) {
        super(file, StoredType.GGUF, header.metadata(), header.entries());
    }

    /**
     * @throws BadFileException if the file is missing, damaged, cut short, big-endian or of another version
     */
    public static Gguf open(Path path) {
        return FileBytes.opened(path, file -> new Gguf(file, GgufHeader.read(file)));
    }

    /**
     * Writes a file of version 3 whole or not at all, one array at a time in memory.
     *
     * @param metadata in Java's types: an Integer becomes INT32, a Long UINT32 or, if it does not fit, INT64, a BigInteger
     *     UINT64, an int[] INT32s and a long[] INT64s; the rest is as above
     * @param tensors F32, F16, BF16 or Q8_0, in the order in which they are to stand there
     * @throws BadArgumentException if a value is of another type or a name is too long or there twice
     * @throws StoppedException if the thread is interrupted; the file is then as it was
     */
    public static void write(Path path, Map<String, Object> metadata, List<NewTensor> tensors) {
        GgufWriter.write(path, metadata, tensors);
    }
}
