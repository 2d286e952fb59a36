package dev.lorikeet.tensor.engine;

import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import dev.lorikeet.base.BadArgumentException;
import java.util.List;
import java.util.Map;

/**
 * How the engine's threads share the processors with other programs. A thread that waits for the others spins; beside a busy
 * program it spins away the time that the others need, and a step takes ten times as long. So threads sleep soon unless the user
 * has chosen otherwise. The engine's OpenMP library reads this from the environment when it is loaded, which must come after
 * {@link #prepare}.
 */
final class EngineThreads {

    private static final String THREADS = "LORIKEET_THREADS";
    private static final int MOST = 1024;

    /** DJL's property for the number of threads within an operation. */
    private static final String DJL_THREADS = "ai.djl.pytorch.num_threads";

    /** With any of these the user has chosen. */
    private static final List<String> CHOICES = List.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME");

    private static volatile boolean prepared;
    private static volatile boolean started;

    private EngineThreads() {}

    /**
     * Prepares this process for the engine, which is not yet loaded; does nothing the next time.
     *
     * @throws BadArgumentException if {@code LORIKEET_THREADS} is no number of threads
     */
    static void prepare() {
        if (prepared) {
            return;
        }
        Map<String, String> environment = System.getenv();
        String threads = environment.getOrDefault(THREADS, "").strip();
        if (!threads.isEmpty() && System.getProperty(DJL_THREADS) == null) {
            System.setProperty(DJL_THREADS, String.valueOf(parse(threads)));
        }
        if (CHOICES.stream().noneMatch(environment::containsKey)) {
            set("OMP_WAIT_POLICY", "PASSIVE");
        }
        prepared = true;
    }

    /** Hands the number of threads to an engine that has been started without {@link #prepare}, by DJL's own classes. */
    static void started() {
        Integer threads = Integer.getInteger(DJL_THREADS);
        if (!started && threads != null && JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
        started = true;
    }

    static int parse(String threads) {
        int processors = Runtime.getRuntime().availableProcessors();
        String expected = "a number of threads, 1 to " + MOST + "; this machine has " + processors + " processors";
        try {
            int number = Integer.parseInt(threads);
            BadArgumentException.unless(number >= 1 && number <= MOST, THREADS, threads, expected);
            return number;
        } catch (NumberFormatException e) {
            throw new BadArgumentException(THREADS, threads, expected);
        }
    }

    /** Sets a variable for native libraries; where that is not possible, the engine keeps its own way. */
    private static void set(String variable, String value) {
        try {
            if (Platform.isWindows()) {
                NativeLibrary.getInstance("kernel32")
                        .getFunction("SetEnvironmentVariableA")
                        .invokeInt(new Object[] {variable, value});
            } else {
                Function setenv = NativeLibrary.getProcess().getFunction("setenv");
                setenv.invokeInt(new Object[] {variable, value, 1});
            }
        } catch (LinkageError | RuntimeException e) {
            // A file system from which nothing may be loaded, say.
        }
    }
}
