package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.tensor.TensorMemory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/** Goes through a dense matrix block by block, several pieces of it at a time. */
final class Blocks {

    /** Weights of a piece, about: enough to be worth a task, few enough for the processor's cache. */
    private static final int PIECE = 1 << 16;

    private Blocks() {}

    /** Works on whole blocks; called from several threads, which must not touch the engine. */
    @FunctionalInterface
    interface Work {

        /**
         * @param weights of {@code count} blocks
         * @param first the number of the first block
         */
        void run(float[] weights, int first, int count);
    }

    /**
     * @param array float32 on the CPU
     * @param length of a block, by which the array's size and the pieces of its memory can be divided
     */
    static void forEach(NDArray array, int length, Work work) {
        int done = 0;
        for (ByteBuffer memory : TensorMemory.bytes(array)) {
            FloatBuffer floats = memory.asFloatBuffer();
            int blocks = floats.capacity() / length;
            int share = Math.max(1, PIECE / length);
            int before = done;
            IntStream.range(0, (blocks + share - 1) / share).parallel().forEach(piece -> {
                int first = piece * share;
                int count = Math.min(share, blocks - first);
                float[] weights = new float[count * length];
                floats.get(first * length, weights);
                work.run(weights, before + first, count);
            });
            done += blocks;
        }
    }

    /** The largest magnitude from {@code begin} on. */
    static float absmax(float[] weights, int begin, int length) {
        float absmax = 0;
        for (int i = begin; i < begin + length; i++) {
            absmax = Math.max(absmax, Math.abs(weights[i]));
        }
        return absmax;
    }

    /** The means of neighbours, at which {@link #nearest} changes. */
    static float[] midpoints(float[] ascending) {
        float[] midpoints = new float[ascending.length - 1];
        for (int i = 0; i < midpoints.length; i++) {
            midpoints[i] = (ascending[i] + ascending[i + 1]) / 2;
        }
        return midpoints;
    }

    /** The position of the nearest value, given the {@link #midpoints}: how many of them are smaller than the value. */
    static int nearest(float[] midpoints, float value) {
        int low = 0;
        int high = midpoints.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (midpoints[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
