package dev.lorikeet.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The entry point of {@code java -jar}. */
public final class Main {

    /** How long an interrupt waits for the current step and its checkpoint before the process ends. */
    private static final long MINUTES_TO_STOP = 5;

    private Main() {}

    /** Exit status: 0 success, 1 failure or not enough memory, 2 wrong usage, 130 interrupted. */
    public static void main(String[] args) {
        Charset charset = charset();
        PrintWriter results = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, charset);
        PrintStream notes = new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset);
        // Progress lines go to standard error, so that a pipe gets results only.
        System.setOut(notes);
        System.setErr(notes);
        logWarningsOnly();
        CountDownLatch done = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker, done), "stop"));
        int status;
        try {
            status = LorikeetCommand.line(results, new PrintWriter(notes, true)).execute(args);
            results.flush();
        } finally {
            done.countDown();
        }
        System.exit(status);
    }

    /** Makes Ctrl-C end the process after the current step and its checkpoint. */
    private static void stop(Thread worker, CountDownLatch done) {
        if (done.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            done.await(MINUTES_TO_STOP, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The system's encoding; UTF-8 instead of ASCII where no locale is set, as in Python. */
    private static Charset charset() {
        Charset system = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
        return system.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : system;
    }

    private static void logWarningsOnly() {
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%6$s%n");
            Logger.getLogger("").setLevel(Level.WARNING);
        }
    }
}
