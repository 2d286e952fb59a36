package dev.lorikeet.tensor.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.QuietLogs;
import dev.lorikeet.base.Telemetry;

/** Starts DJL's PyTorch engine. */
public final class PyTorchEngine {

    private static final String NAME = "PyTorch";

    private PyTorchEngine() {}

    /**
     * The engine, started on the caller's thread if need be: a kernel's worker threads see other class loaders than its cells do.
     *
     * @throws LorikeetException if the engine or its native libraries cannot be loaded; the message says what to do
     */
    public static Engine get() {
        prepare();
        try {
            Engine engine = Engine.getEngine(NAME);
            EngineThreads.started();
            return engine;
        } catch (RuntimeException | LinkageError e) {
            throw new LorikeetException(advice(e), e);
        }
    }

    /**
     * Sets what the engine reads when it starts: no telemetry, quiet logs, threads that share the machine. A notebook does so before
     * its first cell, in which DJL's own classes may start the engine.
     *
     * @throws dev.lorikeet.base.BadArgumentException if {@code LORIKEET_THREADS} is no number of threads
     */
    public static void prepare() {
        Telemetry.off();
        QuietLogs.on();
        EngineThreads.prepare();
    }

    /** A manager on the CPU that lives as long as the process, for the small arguments of one call; close what it makes. */
    public static NDManager host() {
        return Host.MANAGER;
    }

    private static final class Host {
        static final NDManager MANAGER = get().newBaseManager(Device.cpu());
    }

    private static String advice(Throwable problem) {
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
