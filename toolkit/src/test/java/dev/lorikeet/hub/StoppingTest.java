package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stop buttons, bars, and several downloads of one file at once. */
class StoppingTest {

    private static final Repository MODEL = Repository.model("owner/model");
    private static final String FILE = "model.safetensors";
    private static final int SIZE = 3_000_000;
    private static final int PART = 1_000_000;

    /** As long as {@link TestHub#POLICY} waits for a silent server. */
    private static final long SILENCE_NANOS = 10_000_000_000L;

    @TempDir
    private Path home;

    private final TestHub server = TestHub.start();
    private final byte[] content = new byte[SIZE];

    StoppingTest() {
        new Random(1).nextBytes(content);
        server.addLarge("owner/model", FILE, content);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path fetch() {
        return server.client(home).fetch(MODEL, List.of(FILE)).resolve(FILE);
    }

    private Path partial() {
        return home.resolve("hub/models--owner--model/blobs")
                .resolve(TestFile.large(content).etag() + ".incomplete");
    }

    private static <T> FutureTask<T> start(Thread[] thread, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        thread[0] = new Thread(task, "download");
        thread[0].start();
        return task;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "it takes too long");
            Thread.sleep(5);
        }
    }

    private static void assertStops(FutureTask<?> task, Thread thread) throws Exception {
        long started = System.nanoTime();
        thread.interrupt();
        ExecutionException failure = assertThrows(ExecutionException.class, () -> task.get(120, TimeUnit.SECONDS));
        assertInstanceOf(StoppedException.class, failure.getCause());
        assertTrue(System.nanoTime() - started < SILENCE_NANOS, "a stop waits for nothing that may yet come");
    }

    @Test
    void aStoppedDownloadIsResumedByTheNextCall() throws Exception {
        server.nextContent(Fault.stallAfter(PART));
        Thread[] thread = new Thread[1];
        FutureTask<Path> task = start(thread, this::fetch);
        await(() -> Files.exists(partial()) && Files.size(partial()) == PART);
        assertStops(task, thread[0]);
        assertEquals(PART, Files.size(partial()));

        assertArrayEquals(content, Files.readAllBytes(fetch()));
        assertEquals("bytes=" + PART + "-", server.downloads().get(1).header("range"));
    }

    @Test
    void aStopWhileTheHubIsAskedOrTheLineIsBadIsAsPrompt() throws Exception {
        server.next(Fault.stallAfter(0));
        Thread[] thread = new Thread[1];
        FutureTask<Path> asking = start(thread, this::fetch);
        await(() -> !server.requests().isEmpty());
        assertStops(asking, thread[0]);

        server.nextContent(Fault.status(503, Map.of("Retry-After", "30")));
        FutureTask<Path> waiting = start(thread, this::fetch);
        await(() -> !server.downloads().isEmpty());
        assertStops(waiting, thread[0]);
        fetch();
    }

    @Test
    void anInterruptBeforeItBeganCounts() throws IOException {
        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, this::fetch);
        assertFalse(Thread.interrupted());
        fetch();
    }

    @Test
    void twoThreadsDownloadOnce() throws Exception {
        server.nextContent(Fault.stallAfter(PART));
        Thread[] first = new Thread[1];
        FutureTask<Path> one = start(first, this::fetch);
        await(() -> Files.exists(partial()) && Files.size(partial()) == PART);
        List<String> said = new CopyOnWriteArrayList<>();
        Hub other = server.client(home, Map.of(), TestHub.POLICY, said::add);
        Thread[] second = new Thread[1];
        FutureTask<Path> two = start(second, () -> other.fetch(MODEL, List.of(FILE)));
        await(() -> !said.isEmpty());
        assertEquals(
                List.of(
                        "owner/model@main, model.safetensors: another download of this file is running; waiting for it."),
                said);
        assertEquals(1, server.downloads().size());
        assertStops(one, first[0]);
        assertArrayEquals(
                content, Files.readAllBytes(two.get(120, TimeUnit.SECONDS).resolve(FILE)));
        assertEquals(2, server.downloads().size());
        fetch();
        assertEquals(2, server.downloads().size());
    }

    @Test
    void anotherProcessIsWaitedFor() throws Exception {
        Path lock = home.resolve("hub/.locks/models--owner--model")
                .resolve(TestFile.large(content).etag() + ".lock");
        Files.createDirectories(lock.getParent());
        Path classes = Path.of(LockHolder.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        classes.toString(),
                        LockHolder.class.getName(),
                        lock.toString())
                .start();
        try {
            assertEquals('L', other.getInputStream().read());
            Thread[] thread = new Thread[1];
            FutureTask<Path> impatient = start(thread, this::fetch);
            assertThrows(TimeoutException.class, () -> impatient.get(300, TimeUnit.MILLISECONDS));
            assertStops(impatient, thread[0]);
            FutureTask<Path> waiting = start(thread, this::fetch);
            await(() -> server.requests().size() == 2);
            assertThrows(TimeoutException.class, () -> waiting.get(300, TimeUnit.MILLISECONDS));
            assertEquals(List.of(), server.downloads());
            other.getOutputStream().close();
            assertArrayEquals(content, Files.readAllBytes(waiting.get(120, TimeUnit.SECONDS)));
        } finally {
            other.destroyForcibly();
        }
    }
}
