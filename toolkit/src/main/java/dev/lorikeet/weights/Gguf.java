package dev.lorikeet.weights;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.weights.codec.TensorType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The GGUF format, versions 2 and 3, little-endian; a model in several files ({@code model-00001-of-00003.gguf} and so on) is
 * read as one. F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to Q6_K, IQ4_NL, IQ4_XS and MXFP4 are read as
 * FLOAT32; I8, I16, I32 and I64 as {@link TensorFile#read} says.
 *
 * <p>Metadata in Java's types: whole numbers that fit are Integer (up to 32 bits signed, 16 unsigned) or Long (the rest;
 * above 2⁶³ BigInteger), then Float, Double, Boolean and String. Arrays of numbers are int[], long[] (64-bit ones above
 * 2⁶³ as their bits), float[] or double[] by the same rule; other arrays are Lists.
 */
public final class Gguf extends ShardedFile<GgufPart> {

    private Map<String, Object> metadata = Map.of();

    private Gguf() {}

    /**
     * Opens a file, or all files of a split model, given any of them.
     *
     * @throws BadFileException if a file is missing, damaged, cut short, big-endian or of another version, or the parts of a
     *     split model do not belong together
     */
    public static Gguf open(Path path) {
        Gguf gguf = new Gguf();
        try {
            gguf.read(path);
            return gguf;
        } catch (RuntimeException | Error e) {
            gguf.close();
            throw e;
        }
    }

    private void read(Path path) {
        TensorReader reader = new TensorReader(TensorType.GGUF);
        GgufPart opened = GgufPart.open(path, reader);
        Optional<GgufSplit> split = GgufSplit.read(opened);
        if (split.isEmpty()) {
            add(opened);
        } else {
            readParts(opened, split.get(), reader);
        }
        metadata = withoutSplit(shards().get(0).metadata());
    }

    private void readParts(GgufPart opened, GgufSplit split, TensorReader reader) {
        try {
            List<Path> files = split.files(opened.path());
            for (int i = 0; i < files.size(); i++) {
                GgufPart part = i == split.index() ? opened : GgufPart.open(files.get(i), reader);
                add(part);
                split.check(part, i, opened);
            }
            split.checkTensors(names().size(), path());
        } catch (RuntimeException | Error e) {
            // It may not have been added yet; the others are closed with this.
            opened.close();
            throw e;
        }
    }

    private static Map<String, Object> withoutSplit(Map<String, Object> metadata) {
        Map<String, Object> kept = new LinkedHashMap<>(metadata);
        kept.keySet().removeIf(GgufSplit::describesPart);
        return Collections.unmodifiableMap(kept);
    }

    /** The metadata of the file, of a split model those of its first part; keys that describe the split are left out. */
    @Override
    public Map<String, Object> metadata() {
        return metadata;
    }

    /**
     * The names of all files of the model to which a file belongs, by the file's own name: those of the parts, in order, for
     * {@code …-00002-of-00003.gguf}, else the name alone.
     */
    public static List<String> partNames(String file) {
        return GgufSplit.names(file);
    }

    /**
     * Reads a matrix without dequantizing it, if its stored type is a quantized one that is read.
     *
     * @param sourceRow gives for each row of the result the row of the file that it is
     * @param manager owns the result, on its device
     * @throws UnknownNameException if there is no such tensor
     */
    public Optional<QuantizedArray> quantized(String name, IntUnaryOperator sourceRow, NDManager manager) {
        return shard(name).quantized(name, sourceRow, manager);
    }

    /**
     * Writes a file of version 3 whole or not at all, with one array at a time in memory.
     *
     * @param metadata in Java's types: an Integer becomes INT32, a Long UINT32 or, if it does not fit, INT64, a BigInteger
     *     UINT64, an int[] INT32s and a long[] INT64s; the rest is as above
     * @param tensors F32, F16, BF16 or Q8_0, in the order in the file
     * @throws BadArgumentException if a value is of another type or a name is too long or occurs twice
     * @throws StoppedException if the thread is interrupted; the file is then unchanged
     */
    public static void write(Path path, Map<String, Object> metadata, List<NewTensor> tensors) {
        GgufWriter.write(path, metadata, tensors);
    }
}
