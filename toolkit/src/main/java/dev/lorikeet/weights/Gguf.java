package dev.lorikeet.weights;

import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;

/**
 * The GGUF format, versions 2 and 3, little-endian. F32, F16, BF16, F64, Q4_0, Q4_1 and Q8_0 are read as FLOAT32; I8, I16,
 * I32 and I64 as {@link TensorFile#read} says.
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
}
