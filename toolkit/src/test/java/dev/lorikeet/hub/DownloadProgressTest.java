package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.Progress;
import dev.lorikeet.base.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of a download. */
class DownloadProgressTest {

    private static final Repository MODEL = Repository.model("owner/model");
    private static final String FILE = "model.safetensors";
    private static final int SIZE = 12_000_000;

    private record Seen(long done, String detail, Thread thread) {}

    @TempDir
    private Path home;

    private final TestHub server = TestHub.start();
    private final byte[] content = new byte[SIZE];
    private final List<String> bars = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private Runnable onDraw = () -> {};
    private boolean closed;

    @BeforeEach
    void watch() {
        server.addLarge("owner/model", FILE, content).add("owner/model", "config.json", new byte[999_999]);
        Progress.showOn((title, total) -> {
            return new Progress() {
                @Override
                public Progress in(String unit) {
                    bars.add(title + " of " + total + " " + unit);
                    return this;
                }

                @Override
                public void at(long done, String detail) {
                    seen.add(new Seen(done, detail, Thread.currentThread()));
                    onDraw.run();
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        });
    }

    @AfterEach
    void stop() {
        Progress.showOn(Progress::silent);
        server.close();
    }

    private void fetch() {
        server.client(home).fetch(MODEL, List.of("config.json", FILE));
    }

    private void leave(int bytes) throws IOException {
        Path blobs = Files.createDirectories(home.resolve("hub/models--owner--model/blobs"));
        Files.write(blobs.resolve(TestFile.large(content).etag() + ".incomplete"), new byte[bytes]);
    }

    @Test
    void aLargeFileHasABarOfItsBytesDrawnByTheThreadThatWaits() {
        fetch();
        assertEquals(List.of("Downloading model.safetensors of 12000000 bytes"), bars);
        Seen last = seen.get(seen.size() - 1);
        assertEquals(SIZE, last.done());
        assertTrue(last.detail().matches("\\d+\\.\\d [KM]iB/s"), last.detail());
        assertTrue(seen.stream().allMatch(draw -> draw.thread() == Thread.currentThread()));
        assertTrue(closed);
    }

    @Test
    void whatIsCheckedAndWaitedForIsSaid() throws IOException {
        leave(SIZE / 4);
        server.nextContent(Fault.none(), Fault.status(503, Map.of()));
        fetch();
        assertEquals("verifying what is here", seen.get(0).detail());
        assertTrue(
                seen.stream().anyMatch(draw -> draw.detail().equals("the server answered 503; trying again")),
                seen.toString());
    }

    @Test
    void anInterruptWhileTheDiskIsReadStopsToo() throws IOException {
        leave(SIZE / 2);
        onDraw = () -> Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, this::fetch);
        assertEquals("verifying what is here", seen.get(0).detail());
        assertFalse(Thread.interrupted());
        assertTrue(closed);
        onDraw = () -> {};
        fetch();
        assertEquals(SIZE, seen.get(seen.size() - 1).done());
    }
}
