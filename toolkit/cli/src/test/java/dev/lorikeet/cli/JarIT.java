package dev.lorikeet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lorikeet.cli.Tiny.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar}, as a person types it. */
class JarIT {

    private static final long PATIENCE = 120;

    @TempDir
    Path folder;

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        // A locale that nobody has set, as in a container.
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        return builder.start();
    }

    private static List<String> command(String words, String... args) {
        Stream<String> java = Stream.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-jar",
                System.getProperty("cli.jar"));
        return Stream.of(java, Stream.of(words.split(" ")), Stream.of(args))
                .flatMap(part -> part)
                .toList();
    }

    private Outcome outcome(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(PATIENCE, TimeUnit.SECONDS), "it goes on and on");
        return new Outcome(process.exitValue(), read("out"), read("err"));
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }

    @Test
    void helpComesWithoutNoise() throws IOException, InterruptedException {
        Outcome help = outcome(start(command("--help")));
        assertEquals(0, help.status());
        assertTrue(help.out().startsWith("Usage: lorikeet"), help.out());
        assertEquals("", help.err());
        assertTrue(outcome(start(command("--version"))).out().matches("lorikeet \\d+\\.\\d+\\.\\d+\\S*\\R"));
    }

    @Test
    void theOutputHoldsTheTextAlone() throws IOException, InterruptedException {
        String generate = "generate --precision float32 --max-tokens 9 --model " + Tiny.LLAMA;
        Outcome generated = outcome(start(command(generate, "--prompt", "the cat")));
        assertEquals(0, generated.status(), generated.err());
        assertEquals(Tiny.run(generate, "--prompt", "the cat").out(), generated.out());
        assertTrue(generated.err().startsWith("Loading "), generated.err());
        assertFalse(generated.err().contains("SLF4J") || generated.err().contains("INFO"), generated.err());
    }

    @Test
    void theJarsForSparkAreThere() throws IOException, InterruptedException {
        Outcome listed = outcome(start(command("spark-jars")));
        assertEquals(0, listed.status(), listed.err());
        List<Path> jars =
                Stream.of(listed.out().strip().split(",")).map(Path::of).toList();
        assertTrue(jars.stream().allMatch(Files::isRegularFile), listed.out());
        List<String> names =
                jars.stream().map(jar -> jar.getFileName().toString()).toList();
        assertTrue(names.stream().anyMatch(name -> name.matches("lorikeet-[\\d.]+\\S*\\.jar")), listed.out());
        assertTrue(names.stream().anyMatch(name -> name.startsWith("pytorch-native-cpu")), listed.out());
        assertTrue(
                names.stream().noneMatch(name -> name.startsWith("slf4j") || name.startsWith("picocli")), listed.out());
    }

    /** Ctrl-C in the middle of training: the last step's state can be used and gone on from. */
    @Test
    void anInterruptKeepsWhatWasLearned() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/bin/kill")), "needs a kill that sends a signal by name");
        Path data = Tiny.text(folder.resolve("a.txt"), 40);
        String train = "train --precision float32 --rank 2 --batch 4 --epochs 1000000 --evaluate-every 5 --model "
                + Tiny.LLAMA + " --data " + data + " --out " + folder.resolve("adapter") + " --checkpoints "
                + folder.resolve("kept");
        Process process = start(command(train));
        while (process.isAlive() && !read("err").contains("step  20:")) {
            Thread.sleep(50);
        }
        new ProcessBuilder("/bin/kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        Outcome stopped = outcome(process);
        assertEquals(Failures.STOPPED, stopped.status(), stopped.err());
        assertTrue(stopped.err().contains("interrupted"), stopped.err());
        Outcome used = Tiny.run("generate --precision float32 --max-tokens 3 --prompt the --model " + Tiny.LLAMA
                + " --adapter " + folder.resolve("adapter"));
        assertEquals(0, used.status(), used.err());
        try (Stream<Path> kept = Files.list(folder.resolve("kept"))) {
            assertTrue(kept.count() > 0);
        }
    }

    /** The script that bash and zsh read completes commands, options and their values. */
    @Test
    void bashCompletes() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/bin/bash")), "needs bash");
        Path script = folder.resolve("completion");
        Files.writeString(script, outcome(start(command("generate-completion"))).out());
        String ask = "source " + script
                + "; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE=''; _complete_lorikeet; echo ${COMPREPLY[*]}";
        assertEquals("train", bash(ask.formatted("lorikeet tr", 1)));
        assertEquals("--quantize", bash(ask.formatted("lorikeet train --qu", 2)));
        assertEquals("nf4 nf4_double", bash(ask.formatted("lorikeet train --quantize nf", 3)));
    }

    private String bash(String command) throws IOException, InterruptedException {
        return outcome(start(List.of("/bin/bash", "-c", command))).out().strip();
    }
}
