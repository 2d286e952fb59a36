package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Telemetry;

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

    /** A new base manager on a device; see {@link #manager()}. */
    public static NDManager manager(Device device) {
        return engine().newBaseManager(device);
    }

    /** A manager on the CPU that lives as long as the process, for the small arguments of one call; close what it makes. */
    public static NDManager host() {
        return Host.MANAGER;
    }

    /** The first GPU that the engine can use, else the CPU. */
    public static Device defaultDevice() {
        return engine().getGpuCount() > 0 ? Device.gpu() : Device.cpu();
    }

    /** Gives the memory back that the engine keeps on GPUs for later; there is none of it on a CPU. */
    public static void emptyCache() {
        if (engine().getGpuCount() > 0) {
            JniUtils.emptyCudaCache();
        }
    }

    private static final class Host {
        static final NDManager MANAGER = manager();
    }

    private static Engine engine() {
        Telemetry.off();
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
