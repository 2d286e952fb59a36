package dev.lorikeet.fuzz;

import com.sun.management.ThreadMXBean;
import dev.lorikeet.base.LorikeetException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Gives one reader damaged files until the time is over: a process of its own, as a file may end it. Arguments: the reader, the
 * seconds, the seed, the tests' resources, and a folder. In the folder stand {@code current}, the last input, {@code counts}, and
 * for each kind of failure an input with its stack.
 */
public final class FuzzRun {

    /** What a reader may take for a file under a mebibyte. */
    private static final int MOST_SECONDS = 5;

    private static final long MOST_BYTES = 256L << 20;

    private static final int INPUTS_BETWEEN_REPORTS = 200;

    private final FuzzTarget target;
    private final Path out;
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private ExecutorService worker = Executors.newSingleThreadExecutor(FuzzRun::daemon);

    private FuzzRun(FuzzTarget target, Path out) {
        this.target = target;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        Path out = Files.createDirectories(Path.of(args[4]));
        FuzzTarget target = new FuzzTargets(Path.of(args[3]), out.resolve("files"))
                .all()
                .get(args[0])
                .get();
        new FuzzRun(target, out).run(Long.parseLong(args[1]), new Mutator(new Random(Long.parseLong(args[2]))));
        System.exit(0);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "reader");
        thread.setDaemon(true);
        return thread;
    }

    private void run(long seconds, Mutator mutator) throws IOException {
        for (byte[] seed : target.seeds()) {
            give(seed);
        }
        count("seeds refused", counts.getOrDefault("refused", 0L));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (long i = 1; System.nanoTime() < end; i++) {
            give(mutator.next(target.seeds()));
            if (i % INPUTS_BETWEEN_REPORTS == 0) {
                report();
            }
        }
        report();
    }

    private void count(String what, long more) {
        counts.merge(what, more, Long::sum);
    }

    private void report() throws IOException {
        StringBuilder text = new StringBuilder();
        counts.forEach(
                (what, count) -> text.append(count).append('\t').append(what).append('\n'));
        Files.writeString(out.resolve("counts"), text);
    }

    private void give(byte[] input) throws IOException {
        Files.write(out.resolve("current"), input);
        Path file = target.folder().resolve(target.file());
        Files.write(file, input);
        count("inputs", 1);
        if (!read(input, true)) {
            // A machine with other work may have been slow once.
            read(input, false);
        }
    }

    /** Reads an input; returns false if it took too long and may be tried again. */
    private boolean read(byte[] input, boolean again) throws IOException {
        Future<Long> reading = worker.submit(() -> {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                target.read();
                count("read", 1);
            } catch (LorikeetException e) {
                count("refused", 1);
            }
            return threads.getCurrentThreadAllocatedBytes() - before;
        });
        try {
            long allocated = reading.get(MOST_SECONDS, TimeUnit.SECONDS);
            if (allocated > MOST_BYTES && input.length < 1 << 20) {
                fail("allocation", "%,d bytes".formatted(allocated), new StackTraceElement[0], input);
            }
        } catch (ExecutionException e) {
            fail(
                    e.getCause().getClass().getSimpleName(),
                    e.getCause().toString(),
                    e.getCause().getStackTrace(),
                    input);
        } catch (TimeoutException e) {
            if (!again) {
                StackTraceElement[] stack = readers().findFirst().orElseThrow().getStackTrace();
                fail("hang", "over %d s".formatted(MOST_SECONDS), stack, input);
            }
            reading.cancel(true);
            worker.shutdownNow();
            worker = Executors.newSingleThreadExecutor(FuzzRun::daemon);
            return !again;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return true;
    }

    private static Stream<Thread> readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("reader"))
                .sorted(Comparator.comparingLong(Thread::getId).reversed());
    }

    /** Keeps the first input of each kind: what was thrown, and where in the project. */
    private void fail(String what, String message, StackTraceElement[] stack, byte[] input) throws IOException {
        String place = Arrays.stream(stack)
                .filter(frame -> frame.getClassName().startsWith("dev.lorikeet")
                        && !frame.getClassName().startsWith("dev.lorikeet.fuzz"))
                .findFirst()
                .map(frame -> frame.getClassName().replaceFirst(".*\\.", "") + "." + frame.getLineNumber())
                .orElse("");
        String kind = ("failure " + what + " " + place).strip();
        if (!counts.containsKey(kind)) {
            Path kept = out.resolve(kind.replace(' ', '-').replace('$', '.'));
            Files.write(kept, input);
            StringBuilder text = new StringBuilder(message).append('\n');
            Arrays.stream(stack)
                    .limit(40)
                    .forEach(frame -> text.append("    at ").append(frame).append('\n'));
            Files.writeString(kept.resolveSibling(kept.getFileName() + ".txt"), text);
        }
        count(kind, 1);
        report();
    }
}
