package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.LorikeetException;

/** The way into the PyTorch engine. */
public final class Torch {

    private static final String ENGINE = "PyTorch";

    private Torch() {}

    /**
     * A new base manager on the CPU. Starts the engine on the caller's thread if need be: a kernel's worker threads see
     * other class loaders than its cells do.
     *
     * @throws LorikeetException if the engine or its native libraries cannot be loaded; the message says what to do
     */
    public static NDManager manager() {
        return engine().newBaseManager(Device.cpu());
    }

    private static Engine engine() {
        try {
            return Engine.getEngine(ENGINE);
        } catch (RuntimeException | LinkageError e) {
            throw new LorikeetException(advice(e), e);
        }
    }

    static String advice(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return """
                The PyTorch engine could not be started (%s: %s). It needs its native libraries. Either put \
                ai.djl.pytorch:pytorch-native-cpu, in the version of DJL's pytorch-jni and for this system (%s, %s), on \
                the classpath and start again, or go online once: DJL then downloads the libraries, those for CUDA where \
                there is a GPU, and keeps them in its cache folder."""
                .formatted(
                        root.getClass().getSimpleName(),
                        root.getMessage(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }
}
