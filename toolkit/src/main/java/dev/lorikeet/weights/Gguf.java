package dev.lorikeet.weights;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The GGUF format, versions 2 and 3, little-endian. F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K,
 * Q5_K and Q6_K are read as FLOAT32; I8, I16, I32 and I64 as {@link TensorFile#read} says.
 *
 * <p>Metadata in Java's types: whole numbers that fit are Integer (up to 32 bits signed, 16 unsigned) or Long (the rest;
 * above 2⁶³ BigInteger), then Float, Double, Boolean and String. Arrays of numbers are int[], long[] (64-bit ones above
 * 2⁶³ as their bits), float[] or double[] by the same rule; other arrays are Lists.
 */
public final class Gguf extends IndexedFile {

    private final FileBytes file;

    private Gguf(FileBytes file, GgufHeader header) {
        super(file, StoredType.GGUF, header.metadata(), header.entries());
        this.file = file;
    }

    /**
     * @throws BadFileException if the file is missing, damaged, cut short, big-endian or of another version
     */
    public static Gguf open(Path path) {
        return FileBytes.opened(path, file -> new Gguf(file, GgufHeader.read(file)));
    }

    /**
     * Reads a matrix without making numbers of its codes, if it is stored in a quantised type that is read.
     *
     * @param sourceRow gives for each row of the result the row of the file that it is
     * @param manager owns the result, on its device
     * @throws UnknownNameException if there is no such tensor
     */
    public Optional<QuantizedArray> quantized(String name, IntUnaryOperator sourceRow, NDManager manager) {
        Entry entry = entry(name);
        StoredType type = StoredType.valueOf(entry.type());
        if (!GgufBlocks.keep(type, entry.shape())) {
            return Optional.empty();
        }
        StoppedException.check("Reading " + path() + " was stopped before tensor \"" + name + "\"");
        byte[] stored = new byte[Math.toIntExact(entry.bytes())];
        file.read(ByteBuffer.wrap(stored), entry.offset(), "tensor \"" + name + "\"");
        return Optional.of(GgufBlocks.arrange(type, entry.shape(), stored, sourceRow, manager));
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
