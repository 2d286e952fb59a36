package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.TensorFile.TensorInfo;
import dev.lorikeet.weights.codec.Decoder;
import dev.lorikeet.weights.codec.TensorType;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Brings stored tensors into memory, in chunks, so that the peak is the result and one small buffer. The files of one model
 * share a reader, and so the buffer.
 */
final class TensorReader {

    private static final int CHUNK_BYTES = 4 << 20;
    private static final int TASK_WEIGHTS = 1 << 17;
    private static final int SLICE_WEIGHTS = 1 << 12;

    private final Set<TensorType> types;
    private ByteBuffer chunk;

    /**
     * @param types those of the file's format
     */
    TensorReader(Set<TensorType> types) {
        this.types = types;
    }

    NDArray read(FileBytes file, TensorInfo tensor, NDManager manager) {
        StoppedException.check("Reading " + file.path() + " was stopped before " + quoted(tensor));
        TensorType type = TensorType.valueOf(tensor.type());
        if (!type.isReadable()) {
            throw new BadFileException(
                    file.path(),
                    "%s has the type %s, which is not supported; supported are %s"
                            .formatted(quoted(tensor), type, TensorType.readable(types)));
        }
        if (!manager.getDevice().isGpu()) {
            return readToCpu(file, tensor, type, manager);
        }
        try (NDManager cpu = Torch.manager()) {
            NDArray result = readToCpu(file, tensor, type, cpu).toDevice(manager.getDevice(), true);
            result.attach(manager);
            return result;
        }
    }

    private NDArray readToCpu(FileBytes file, TensorInfo tensor, TensorType type, NDManager manager) {
        NDArray array = manager.create(tensor.shape(), type.inMemory());
        try {
            Optional<Decoder> decoder = type.decoder();
            long position = tensor.offset();
            for (ByteBuffer memory : TensorMemory.bytes(array)) {
                position += decoder.isEmpty()
                        ? readAsStored(file, tensor, memory, position)
                        : readDecoded(file, tensor, type, decoder.get(), memory, position);
            }
            return array;
        } catch (RuntimeException | Error e) {
            array.close();
            throw e;
        }
    }

    private static long readAsStored(FileBytes file, TensorInfo tensor, ByteBuffer memory, long position) {
        file.read(memory, position, quoted(tensor));
        return memory.capacity();
    }

    /** Reads into the chunk and decodes it in parallel; a piece of memory holds whole blocks, as rows do. */
    private synchronized long readDecoded(
            FileBytes file, TensorInfo tensor, TensorType type, Decoder decoder, ByteBuffer memory, long position) {
        IntBuffer values = memory.asIntBuffer();
        int weights = type.blockWeights();
        long blocks = values.capacity() / weights;
        int chunkBlocks = CHUNK_BYTES / type.blockBytes();
        for (long block = 0; block < blocks; block += chunkBlocks) {
            int count = (int) Math.min(chunkBlocks, blocks - block);
            ByteBuffer stored = chunk().limit(count * type.blockBytes());
            file.read(stored, position + block * type.blockBytes(), quoted(tensor));
            decode(type, decoder, stored, values.slice((int) block * weights, count * weights), count);
        }
        return blocks * type.blockBytes();
    }

    /** Touches no array of the engine: the pool's threads see other class loaders than a notebook's cells do. */
    private static void decode(TensorType type, Decoder decoder, ByteBuffer stored, IntBuffer values, int blocks) {
        int share = TASK_WEIGHTS / type.blockWeights();
        IntStream.range(0, (blocks + share - 1) / share)
                .parallel()
                .forEach(task ->
                        decode(type, decoder, stored, values, task * share, Math.min(blocks, (task + 1) * share)));
    }

    /** Goes through small arrays, which stay in the processor's cache and, unlike buffers, are fast from the first call on. */
    private static void decode(
            TensorType type, Decoder decoder, ByteBuffer stored, IntBuffer values, int begin, int end) {
        int slice = Math.min(SLICE_WEIGHTS / type.blockWeights(), end - begin);
        byte[] in = new byte[slice * type.blockBytes()];
        int[] out = new int[slice * type.blockWeights()];
        for (int block = begin; block < end; block += slice) {
            int count = Math.min(slice, end - block);
            stored.get(block * type.blockBytes(), in, 0, count * type.blockBytes());
            decoder.decode(in, count, out);
            values.put(block * type.blockWeights(), out, 0, count * type.blockWeights());
        }
    }

    private ByteBuffer chunk() {
        if (chunk == null) {
            chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        }
        return chunk.clear();
    }

    private static String quoted(TensorInfo tensor) {
        return "tensor \"" + tensor.name() + "\"";
    }
}
