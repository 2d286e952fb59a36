package dev.lorikeet.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.TensorFile.Entry;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Set;
import java.util.stream.IntStream;

/** Brings stored tensors into memory, in chunks, so that the peak is the result and one small buffer. */
final class TensorReader {

    private static final int CHUNK = 4 << 20;
    private static final int TASK_WEIGHTS = 1 << 17;
    private static final int PART_WEIGHTS = 1 << 12;

    private final FileBytes file;
    private final Set<StoredType> types;
    private ByteBuffer chunk;

    /**
     * @param types those of the file's format
     */
    TensorReader(FileBytes file, Set<StoredType> types) {
        this.file = file;
        this.types = types;
    }

    NDArray read(Entry entry, NDManager manager) {
        StoppedException.check("Reading " + file.path() + " was stopped before " + quoted(entry));
        StoredType type = StoredType.valueOf(entry.type());
        if (!type.isReadable()) {
            throw new BadFileException(
                    file.path(),
                    "%s has the type %s, which is not supported; supported are %s"
                            .formatted(quoted(entry), type, StoredType.readable(types)));
        }
        if (!manager.getDevice().isGpu()) {
            return readToCpu(entry, type, manager);
        }
        try (NDManager cpu = Torch.manager()) {
            NDArray result = readToCpu(entry, type, cpu).toDevice(manager.getDevice(), true);
            result.attach(manager);
            return result;
        }
    }

    private NDArray readToCpu(Entry entry, StoredType type, NDManager manager) {
        NDArray array = manager.create(entry.shape(), type.inMemory);
        try {
            long position = entry.offset();
            for (ByteBuffer memory : TensorMemory.bytes(array)) {
                position += type.decoder == null
                        ? readAsStored(entry, memory, position)
                        : readDecoded(entry, type, memory, position);
            }
            return array;
        } catch (RuntimeException | Error e) {
            array.close();
            throw e;
        }
    }

    private long readAsStored(Entry entry, ByteBuffer memory, long position) {
        file.read(memory, position, quoted(entry));
        return memory.capacity();
    }

    /** Reads into the chunk and decodes it in parallel; a piece of memory holds whole blocks, as rows do. */
    private synchronized long readDecoded(Entry entry, StoredType type, ByteBuffer memory, long position) {
        IntBuffer weights = memory.asIntBuffer();
        long blocks = weights.capacity() / type.blockWeights;
        int chunkBlocks = CHUNK / type.blockBytes;
        for (long block = 0; block < blocks; block += chunkBlocks) {
            int count = (int) Math.min(chunkBlocks, blocks - block);
            ByteBuffer stored = chunk().limit(count * type.blockBytes);
            file.read(stored, position + block * type.blockBytes, quoted(entry));
            decode(type, stored, weights.slice((int) block * type.blockWeights, count * type.blockWeights), count);
        }
        return blocks * type.blockBytes;
    }

    /** Touches no array of the engine: the pool's threads see other class loaders than a notebook's cells do. */
    private static void decode(StoredType type, ByteBuffer stored, IntBuffer weights, int blocks) {
        int share = TASK_WEIGHTS / type.blockWeights;
        IntStream.range(0, (blocks + share - 1) / share)
                .parallel()
                .forEach(task -> decode(type, stored, weights, task * share, Math.min(blocks, (task + 1) * share)));
    }

    /** Through small arrays that stay in the processor's cache and are fast from the first call on, unlike buffers. */
    private static void decode(StoredType type, ByteBuffer stored, IntBuffer weights, int begin, int end) {
        int part = Math.min(PART_WEIGHTS / type.blockWeights, end - begin);
        byte[] in = new byte[part * type.blockBytes];
        int[] out = new int[part * type.blockWeights];
        for (int block = begin; block < end; block += part) {
            int count = Math.min(part, end - block);
            stored.get(block * type.blockBytes, in, 0, count * type.blockBytes);
            type.decoder.decode(in, count, out);
            weights.put(block * type.blockWeights, out, 0, count * type.blockWeights);
        }
    }

    private ByteBuffer chunk() {
        if (chunk == null) {
            chunk = ByteBuffer.allocateDirect(CHUNK);
        }
        return chunk.clear();
    }

    private static String quoted(Entry entry) {
        return "tensor \"" + entry.name() + "\"";
    }
}
