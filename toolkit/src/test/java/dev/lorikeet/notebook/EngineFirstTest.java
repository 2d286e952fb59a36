package dev.lorikeet.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import dev.lorikeet.JavaProcess;
import dev.lorikeet.tensor.engine.PyTorchEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cell that starts the engine by DJL's own classes gets the settings that a model of ours gets; the tests run with one thread. */
class EngineFirstTest {

    private static final String INIT = "init";

    /** Starts the engine by DJL's own classes, after {@link Lorikeet#init} or before ours, and prints what it runs with. */
    public static void main(String[] arguments) {
        if (arguments[0].equals(INIT)) {
            Lorikeet.init();
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            manager.ones(new ai.djl.ndarray.types.Shape(2));
            PyTorchEngine.get();
            System.out.println(JniUtils.getNumThreads() + " thread, waits "
                    + NativeLibrary.getProcess()
                            .getFunction("getenv")
                            .invokeString(new Object[] {"OMP_WAIT_POLICY"}, false)
                    + ", opted out of reports: " + System.getProperty("OPT_OUT_TRACKING"));
        }
    }

    @Test
    void afterInitItIsAsForAModel(@TempDir Path folder) throws Exception {
        String policy = Platform.isWindows() ? "null" : "PASSIVE";
        assertEquals("1 thread, waits " + policy + ", opted out of reports: true", last(INIT, folder));
    }

    @Test
    void anEngineThatRunsGetsItsThreads(@TempDir Path folder) throws Exception {
        assertEquals("1 thread", last("late", folder).split(",")[0]);
    }

    private static String last(String how, Path folder) throws Exception {
        Path log = folder.resolve("log");
        Process process = JavaProcess.start(log, EngineFirstTest.class, how);
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), Files.readString(log));
        return lines.get(lines.size() - 1);
    }
}
