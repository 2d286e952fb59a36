package dev.lorikeet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other processes of tests, on the same class path, that are killed while they work. */
public final class JavaProcess {

    /** What SIGKILL makes of a process's exit value. */
    private static final int KILLED = 128 + 9;

    private JavaProcess() {}

    /** Starts a class's main method; what it prints as errors goes into {@code log}. */
    public static Process start(Path log, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(log.toFile()).start();
    }

    /**
     * Waits until a process prints a line, and kills it some time after that.
     *
     * @param log as in {@link #start}
     */
    public static void killAfter(Process process, Path log, String line, long micros) throws Exception {
        try (BufferedReader lines = process.inputReader()) {
            String read = lines.readLine();
            while (read != null && !read.equals(line)) {
                read = lines.readLine();
            }
            assertEquals(line, read, Files.readString(log));
            TimeUnit.MICROSECONDS.sleep(micros);
            process.destroyForcibly();
            assertEquals(KILLED, process.waitFor(), "it was to be killed while it ran");
        } finally {
            process.destroyForcibly();
        }
    }
}
