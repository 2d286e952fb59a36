package dev.lorikeet.published;

import dev.lorikeet.TestData;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this build has packaged, and programs that run on it. */
final class Packaged {

    private static final int MINUTES = 5;

    private Packaged() {}

    /** How a program ended and what it printed, errors included. */
    record Outcome(int status, String output) {}

    static String version() {
        return System.getProperty("lorikeet.version");
    }

    static Path jar() {
        return target().resolve("lorikeet-" + version() + ".jar");
    }

    static Path target() {
        return TestData.checkout().resolve("toolkit/target");
    }

    static Path example() {
        return TestData.checkout().resolve("toolkit/src/example/Example.java");
    }

    /** The jar, its libraries, CPU natives and a logger: what the README puts on a class path. */
    static List<Path> classpath() throws IOException {
        Stream<Path> jars = Stream.of(jar());
        for (String folder : List.of("lib", "runtime")) {
            try (Stream<Path> files = Files.list(target().resolve(folder))) {
                jars = Stream.concat(jars, files.sorted().toList().stream());
            }
        }
        return jars.toList();
    }

    static String joined(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Runs a program and shows its output as it comes. */
    static Outcome run(Path folder, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> {
                System.out.println(line);
                output.append(line).append('\n');
            });
        }
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Outcome(process.waitFor(), output.toString());
    }
}
