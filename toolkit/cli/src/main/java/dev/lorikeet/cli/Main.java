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

/** Where {@code java -jar} begins. */
public final class Main {

    /** How long a step and what is written after it may take before the process ends without them. */
    private static final long MINUTES_TO_STOP = 5;

    private Main() {}

    /** Exit status: 0 done, 1 failed or does not fit, 2 not understood, 130 stopped. */
    public static void main(String[] args) {
        Charset charset = charset();
        PrintWriter results = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, charset);
        PrintStream notes = new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset);
        // What the toolkit says while it works is no result, and a pipe should get results alone.
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

    /** Ctrl-C ends the process once the work has come to a state that can be used. */
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

    /** The system's own; UTF-8 in place of the ASCII of a locale that nobody has set, as Python has it. */
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
