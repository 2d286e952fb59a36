package dev.lorikeet.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.lorikeet.base.AtomicFiles;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.tensor.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** A file of tensors that is being written; the way back from {@link TensorReader}. */
final class TensorOutput {

    private static final int CHUNK_WEIGHTS = 1 << 20;
    private static final int TASK_WEIGHTS = 1 << 14;

    private final FileChannel channel;
    private final String stopped;
    private ByteBuffer chunk;

    private TensorOutput(FileChannel channel, String stopped) {
        this.channel = channel;
        this.stopped = stopped;
    }

    /** What writes a file's header and tensors. */
    interface Body {
        void writeTo(TensorOutput output) throws IOException;
    }

    /** Writes a file whole or not at all, with an interrupt told as what it is. */
    static void write(Path path, Body body) {
        String stopped = "Saving " + path + " was stopped; the file is as it was";
        try {
            AtomicFiles.write(path, channel -> body.writeTo(new TensorOutput(channel, stopped)));
        } catch (BadFileException e) {
            if (e.getCause() instanceof ClosedByInterruptException) {
                StoppedException.check(stopped);
            }
            throw e;
        }
    }

    void bytes(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Zeros up to the next multiple of {@code alignment}. */
    void pad(int alignment) throws IOException {
        bytes(ByteBuffer.allocate((int) (-channel.position() & alignment - 1)));
    }

    /** An array's own bytes, in row-major order. */
    void array(NDArray array) throws IOException {
        StoppedException.check(stopped);
        try (NDManager temporary = Torch.manager()) {
            for (ByteBuffer piece : TensorMemory.bytes(onCpu(array, temporary))) {
                bytes(piece);
            }
        }
    }

    /** Makes a tensor's array, writes it in its stored type and lets go of it. */
    void tensor(NewTensor tensor) throws IOException {
        StoppedException.check(stopped);
        StoredType type = tensor.stored();
        try (NDArray array = tensor.array().get();
                NDManager temporary = Torch.manager()) {
            if (!array.getShape().equals(tensor.shape()) || array.getDataType() != DataType.FLOAT32) {
                throw new IllegalStateException("%s is %s of %s, announced was %s"
                        .formatted(tensor.name(), array.getDataType(), array.getShape(), tensor.shape()));
            }
            for (ByteBuffer piece : TensorMemory.bytes(onCpu(array, temporary))) {
                if (type.encoder == null) {
                    bytes(piece);
                } else {
                    encoded(type, piece.asIntBuffer());
                }
            }
        }
    }

    /** A piece of memory holds whole blocks, as rows do. */
    private void encoded(StoredType type, IntBuffer weights) throws IOException {
        for (int from = 0; from < weights.capacity(); from += CHUNK_WEIGHTS) {
            int count = Math.min(CHUNK_WEIGHTS, weights.capacity() - from);
            ByteBuffer stored = chunk().limit(count / type.blockWeights * type.blockBytes);
            encode(type, weights.slice(from, count), stored);
            bytes(stored);
        }
    }

    /** Touches no array of the engine: the pool's threads see other class loaders than a notebook's cells do. */
    private static void encode(StoredType type, IntBuffer weights, ByteBuffer stored) {
        int count = weights.capacity();
        IntStream.range(0, (count + TASK_WEIGHTS - 1) / TASK_WEIGHTS).parallel().forEach(task -> {
            int from = task * TASK_WEIGHTS;
            int blocks = Math.min(TASK_WEIGHTS, count - from) / type.blockWeights;
            int[] in = new int[blocks * type.blockWeights];
            byte[] out = new byte[blocks * type.blockBytes];
            weights.get(from, in);
            type.encoder.encode(in, blocks, out);
            stored.put(from / type.blockWeights * type.blockBytes, out);
        });
    }

    /** Room for a chunk of the widest encoded type. */
    private ByteBuffer chunk() {
        if (chunk == null) {
            chunk = ByteBuffer.allocateDirect(CHUNK_WEIGHTS * Short.BYTES);
        }
        return chunk.clear();
    }

    private static NDArray onCpu(NDArray array, NDManager temporary) {
        if (!array.getDevice().isGpu()) {
            return TensorMemory.inOrder(array, temporary);
        }
        NDArray copy = array.toDevice(Device.cpu(), true);
        NDManager made = copy.getManager();
        copy.attach(temporary);
        if (made != array.getManager()) {
            // The engine opens a manager of its own for the copy and leaves it open.
            made.close();
        }
        return TensorMemory.inOrder(copy, temporary);
    }
}
