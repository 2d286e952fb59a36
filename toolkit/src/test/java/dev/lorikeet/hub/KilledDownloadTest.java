package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A download that is killed leaves whole files or none under their names, and the next one ends it. To try it for longer: {@code
 * mvn test -pl toolkit -Dtest=KilledDownloadTest -Dkills=50}.
 */
class KilledDownloadTest {

    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final long SEED = Long.getLong("seed", 1);
    private static final int BYTES = 24 << 20;
    private static final int LONGEST_MICROS = 1_200_000;

    @TempDir
    private Path home;

    private final TestHub server = TestHub.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private List<Path> files(String inPath) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(inPath))
                    .toList();
        }
    }

    @Test
    void leavesWholeFilesOrNone() throws Exception {
        Random random = new Random(SEED);
        byte[] weights = new byte[BYTES];
        random.nextBytes(weights);
        Map<String, byte[]> expected = Map.of("config.json", "{}".getBytes(), "model.safetensors", weights);
        server.add(KilledDownload.MODEL, "config.json", expected.get("config.json"));
        server.addLarge(KilledDownload.MODEL, "model.safetensors", weights);
        int halves = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            Path log = home.resolve("log");
            Process process = JavaProcess.start(log, KilledDownload.class, server.endpoint(), home.toString());
            JavaProcess.killAfter(process, log, KilledDownload.STARTED, random.nextInt(LONGEST_MICROS));
            for (Path file : files("/snapshots/")) {
                assertArrayEquals(expected.get(file.getFileName().toString()), Files.readAllBytes(file), file + "");
            }
            boolean half = !files(".incomplete").isEmpty();
            halves += half ? 1 : 0;
            if (!half && !files("/snapshots/").isEmpty() && files("/snapshots/").size() == expected.size()) {
                // It was whole before it was killed: the next one begins anew.
                deleteAll();
            }
        }
        Path folder = server.client(home).fetch(Repository.model(KilledDownload.MODEL), KilledDownload.FILES);
        for (String name : KilledDownload.FILES) {
            assertArrayEquals(expected.get(name), Files.readAllBytes(folder.resolve(name)), name);
        }
        assertEquals(List.of(), files(".incomplete"));
        assertTrue(halves > 0 || KILLS < 20, "no download was killed half-way");
        System.out.printf("%d kills, %d of them half-way%n", KILLS, halves);
    }

    private void deleteAll() throws IOException {
        try (Stream<Path> all = Files.walk(home.resolve("hub"))) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
