package dev.lorikeet.weights;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.weights.codec.GgufBlocks;
import dev.lorikeet.weights.codec.TensorType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** One GGUF file: a whole model, or one part of a split one. */
final class GgufPart extends IndexedFile {

    /** A Java array has no more bytes. */
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private GgufPart(FileBytes file, TensorReader reader, GgufHeader header) {
        super(file, reader, header.metadata(), header.tensors());
    }

    static GgufPart open(Path path, TensorReader reader) {
        return FileBytes.opened(path, file -> new GgufPart(file, reader, GgufHeader.read(file)));
    }

    Optional<QuantizedArray> quantized(String name, IntUnaryOperator sourceRow, NDManager manager) {
        TensorInfo tensor = entry(name);
        TensorType type = TensorType.valueOf(tensor.type());
        if (!GgufBlocks.canStayQuantized(type, tensor.shape()) || tensor.bytes() > LARGEST_ARRAY) {
            return Optional.empty();
        }
        StoppedException.check("Reading " + path() + " was stopped before tensor \"" + name + "\"");
        byte[] stored = new byte[Math.toIntExact(tensor.bytes())];
        bytes().read(ByteBuffer.wrap(stored), tensor.offset(), "tensor \"" + name + "\"");
        return Optional.of(GgufBlocks.arrange(type, tensor.shape(), stored, sourceRow, manager));
    }
}
