package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Recording of computations, and the backward pass through them. All but the random generator concerns the calling thread alone. */
public final class Autograd {

    private static final Lock GENERATOR = new ReentrantLock(true);

    private Autograd() {}

    /** Computes with the engine recording what {@link #backward} needs. */
    public static <T> T recorded(Supplier<T> computation) {
        return with(true, computation);
    }

    /** Computes with nothing recorded; unlike results of inference, these may take part in a recorded computation later. */
    public static <T> T unrecorded(Supplier<T> computation) {
        return with(false, computation);
    }

    private static <T> T with(boolean recording, Supplier<T> computation) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(recording);
        try {
            return computation.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /**
     * The array detached from its graph: the same values in the same memory and manager.
     *
     * @param wanted whether a backward pass is to find the gradient of it; see {@link #gradient}
     */
    public static NDArray leaf(NDArray array, boolean wanted) {
        PtNDArray leaf = JniUtils.detachGradient((PtNDArray) array);
        if (wanted) {
            leaf.setRequiresGradient(true);
        }
        return leaf;
    }

    /** The gradient that backward passes have added up in a leaf, in the leaf's manager; zeros if none came by. */
    public static NDArray gradient(NDArray leaf) {
        return leaf.getGradient();
    }

    /**
     * Runs the backward pass from {@code output}, adds to the gradients of the leaves that it was computed from, and frees the
     * recorded graph.
     *
     * @param gradient the output's gradient, of its shape and type
     */
    public static void backward(NDArray output, NDArray gradient) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, false, false);
    }

    /**
     * Runs a computation that {@link #seed seeds} the engine's random generator and draws from it. All threads share that generator,
     * so such computations take turns: each draws the same numbers as alone.
     */
    public static void drawing(Runnable computation) {
        GENERATOR.lock();
        try {
            computation.run();
        } finally {
            GENERATOR.unlock();
        }
    }

    /** Seeds the engine's random generator, that of dropout; see {@link #drawing}. */
    public static void seed(long seed) {
        JniUtils.setSeed(seed);
    }
}
