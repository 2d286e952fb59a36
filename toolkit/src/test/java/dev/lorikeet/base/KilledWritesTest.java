package dev.lorikeet.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.JavaProcess;
import dev.lorikeet.base.file.AtomicFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process that is killed at a random moment leaves is the old or the new, whole. To try it for longer: {@code mvn test -pl
 * toolkit -Dtest=KilledWritesTest -Dkills=100 -Dseed=7}.
 */
class KilledWritesTest {

    private static final int KILLS = Integer.getInteger("kills", 10);
    private static final long SEED = Long.getLong("seed", 1);

    @TempDir
    private Path home;

    private static String version(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        assertEquals(KilledWrites.LINES, lines.size(), file.toString());
        assertEquals(1, Set.copyOf(lines).size(), file.toString());
        return lines.get(0);
    }

    private static void assertWhole(Path folder) throws IOException {
        AtomicFolders.recover(folder);
        Set<String> versions = new TreeSet<>();
        for (String file : KilledWrites.FILES) {
            versions.add(version(folder.resolve(file)));
        }
        assertEquals(1, versions.size(), folder + " holds parts of " + versions);
    }

    @Test
    void leavesTheOldOrTheNewWhole() throws Exception {
        Random random = new Random(SEED);
        for (int kill = 1; kill <= KILLS; kill++) {
            Path log = home.resolve("log");
            Process process = JavaProcess.start(log, KilledWrites.class, home.toString(), String.valueOf(1000 * kill));
            JavaProcess.killAfter(process, log, KilledWrites.WRITTEN, random.nextInt(30_000));
            AtomicFolders.recover(home.resolve("file"));
            String file = version(home.resolve("file"));
            assertTrue(Integer.parseInt(file) >= 1000 * kill, "the last process wrote at least one, not " + file);
            assertWhole(home.resolve("folder"));
            assertWhole(home.resolve("files"));
            try (Stream<Path> all = Files.walk(home)) {
                assertEquals(
                        Set.of("file", "files", "folder", "log", "matrices.bin", "settings.json"),
                        all.filter(path -> !path.equals(home))
                                .map(path -> path.getFileName().toString())
                                .collect(Collectors.toSet()),
                        "nothing is left behind");
            }
        }
    }
}
