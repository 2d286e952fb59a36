package dev.lorikeet.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reader gets damaged files for a while, in a process of its own: {@code mvn verify -Pfuzz -Dfuzz.seconds=60}. */
@Tag("fuzz")
@Execution(ExecutionMode.SAME_THREAD)
class FuzzIT {

    private static final long SECONDS = Long.getLong("fuzz.seconds", 60);
    private static final long START = Long.getLong("fuzz.seed", 1);
    private static final Path OUT = TestData.checkout().resolve("toolkit/target/fuzz");
    private static final Path RESOURCES = TestData.checkout().resolve("toolkit/src/test/resources/dev/lorikeet");

    static Stream<String> readers() {
        return new FuzzTargets(RESOURCES, OUT.resolve("unused")).all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("readers")
    void aReaderReadsOrRefuses(String reader) throws IOException, InterruptedException {
        Path out = OUT.resolve(reader);
        Map<String, Long> counts = new LinkedHashMap<>();
        List<String> deaths = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        for (long seed = START; System.nanoTime() < end; seed++) {
            long left = 1 + TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime());
            int status = process(reader, left, seed, out).waitFor();
            add(out.resolve("counts"), counts);
            if (status != 0) {
                Path kept = out.resolve("death-" + seed);
                Files.copy(out.resolve("current"), kept, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                deaths.add(kept.toString());
            }
        }
        System.out.printf("%s: %s%n", reader, counts);
        assertEquals(List.of(), deaths, reader + " ended the process");
        assertTrue(counts.keySet().stream().noneMatch(what -> what.startsWith("failure")), reader + ": " + counts);
        assertTrue(counts.get("inputs") >= SECONDS, reader + ": " + counts);
    }

    private static void add(Path file, Map<String, Long> counts) throws IOException {
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                counts.merge(line.split("\t")[1], Long.parseLong(line.split("\t")[0]), Long::sum);
            }
            Files.delete(file);
        }
    }

    private static Process process(String reader, long seconds, long seed, Path out) throws IOException {
        Files.createDirectories(out);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:ErrorFile=" + out.resolve("hs_err.log"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .replace(';', File.pathSeparatorChar),
                FuzzRun.class.getName(),
                reader,
                Long.toString(seconds),
                Long.toString(seed),
                RESOURCES.toString(),
                out.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.resolve("log").toFile())
                .start();
    }
}
