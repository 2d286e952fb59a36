package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/** Goes through the numbers of a matrix in pieces, several at a time. */
final class Blocks {

    /** Numbers of a piece, about: enough to be worth a task, few enough for the processor's cache. */
    private static final int PIECE = 1 << 16;

    private Blocks() {}

    /** Works on whole blocks; called from several threads, which must not touch the engine. */
    @FunctionalInterface
    interface Work {

        /**
         * @param numbers of {@code count} blocks
         * @param first the number of the first block
         */
        void run(float[] numbers, int first, int count);
    }

    /**
     * @param array float32 on the CPU
     * @param length of a block, by which the array's size and the pieces of its memory can be divided
     */
    static void each(NDArray array, int length, Work work) {
        int done = 0;
        for (ByteBuffer memory : TensorMemory.bytes(array)) {
            FloatBuffer floats = memory.asFloatBuffer();
            int blocks = floats.capacity() / length;
            int share = Math.max(1, PIECE / length);
            int before = done;
            IntStream.range(0, (blocks + share - 1) / share).parallel().forEach(piece -> {
                int first = piece * share;
                int count = Math.min(share, blocks - first);
                float[] numbers = new float[count * length];
                floats.get(first * length, numbers);
                work.run(numbers, before + first, count);
            });
            done += blocks;
        }
    }

    /** The largest magnitude from {@code begin} on. */
    static float largest(float[] numbers, int begin, int length) {
        float largest = 0;
        for (int i = begin; i < begin + length; i++) {
            largest = Math.max(largest, Math.abs(numbers[i]));
        }
        return largest;
    }

    /** The means of neighbours, at which {@link #nearest} changes. */
    static float[] bounds(float[] ascending) {
        float[] bounds = new float[ascending.length - 1];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = (ascending[i] + ascending[i + 1]) / 2;
        }
        return bounds;
    }

    /** The position of the nearest value, given the {@link #bounds}: how many of them are smaller than the number. */
    static int nearest(float[] bounds, float number) {
        int low = 0;
        int high = bounds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bounds[middle] < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
