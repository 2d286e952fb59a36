package dev.lorikeet.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.file.AtomicFiles;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.codec.Encoder;
import dev.lorikeet.weights.codec.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/** A file of tensors that is being written; the counterpart of {@link TensorReader}. */
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

    /** Writes a file's header and tensors. */
    interface ContentWriter {
        void writeTo(TensorOutput output) throws IOException;
    }

    /** Writes a file whole or not at all; an interrupt becomes a {@link StoppedException}. */
    static void write(Path path, ContentWriter content) {
        String stopped = "Saving " + path + " was stopped; the file is as it was";
        try {
            AtomicFiles.write(path, channel -> content.writeTo(new TensorOutput(channel, stopped)));
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

    /** Writes zeros up to the next multiple of {@code alignment}. */
    void pad(int alignment) throws IOException {
        bytes(ByteBuffer.allocate((int) (-channel.position() & alignment - 1)));
    }

    /** Writes an array's own bytes, in row-major order. */
    void array(NDArray array) throws IOException {
        StoppedException.check(stopped);
        try (NDManager temporary = Torch.manager()) {
            for (ByteBuffer piece : TensorMemory.bytes(onCpu(array, temporary))) {
                bytes(piece);
            }
        }
    }

    /** Makes a tensor's array, writes it in its stored type and closes it. */
    void tensor(NewTensor tensor) throws IOException {
        StoppedException.check(stopped);
        TensorType type = tensor.stored();
        Optional<Encoder> encoder = type.encoder();
        try (NDArray array = tensor.array().get();
                NDManager temporary = Torch.manager()) {
            if (!array.getShape().equals(tensor.shape()) || array.getDataType() != DataType.FLOAT32) {
                throw new IllegalStateException("%s is %s of %s; expected FLOAT32 of %s"
                        .formatted(tensor.name(), array.getDataType(), array.getShape(), tensor.shape()));
            }
            for (ByteBuffer piece : TensorMemory.bytes(onCpu(array, temporary))) {
                if (encoder.isEmpty()) {
                    bytes(piece);
                } else {
                    writeEncoded(type, encoder.get(), piece.asIntBuffer());
                }
            }
        }
    }

    /** A piece of memory holds whole blocks, as rows do. */
    private void writeEncoded(TensorType type, Encoder encoder, IntBuffer weights) throws IOException {
        for (int from = 0; from < weights.capacity(); from += CHUNK_WEIGHTS) {
            int count = Math.min(CHUNK_WEIGHTS, weights.capacity() - from);
            ByteBuffer stored = chunk().limit(count / type.blockWeights() * type.blockBytes());
            encode(type, encoder, weights.slice(from, count), stored);
            bytes(stored);
        }
    }

    /** Touches no array of the engine: the pool's threads see other class loaders than a notebook's cells do. */
    private static void encode(TensorType type, Encoder encoder, IntBuffer weights, ByteBuffer stored) {
        int count = weights.capacity();
        IntStream.range(0, (count + TASK_WEIGHTS - 1) / TASK_WEIGHTS).parallel().forEach(task -> {
            int from = task * TASK_WEIGHTS;
            int blocks = Math.min(TASK_WEIGHTS, count - from) / type.blockWeights();
            int[] in = new int[blocks * type.blockWeights()];
            byte[] out = new byte[blocks * type.blockBytes()];
            weights.get(from, in);
            encoder.encode(in, blocks, out);
            stored.put(from / type.blockWeights() * type.blockBytes(), out);
        });
    }

    /** A buffer that holds a chunk of the widest encoded type. */
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
