package dev.lorikeet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.JavaProcess;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.checkpoint.TrainingCheckpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is killed at random moments, each time gone on with in a fresh process, ends as the one that never was. To try it
 * for longer: {@code mvn test -pl toolkit -Dtest=KilledRunTest -Dkills=40 -Dsteps=400 -Dseed=7}.
 */
class KilledRunTest {

    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int STEPS = Integer.getInteger("steps", 32);
    private static final long SEED = Long.getLong("seed", 1);

    /** What SIGKILL makes of a process's exit value. */
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    private Process start(String name) throws IOException {
        return JavaProcess.start(
                folder.resolve(name + ".log"),
                KilledRun.class,
                folder.resolve(name).toString(),
                folder.resolve(name + ".txt").toString(),
                String.valueOf(STEPS));
    }

    private String losses(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".txt"));
    }

    /** The first so many of its steps are waited for; all of its output is read, so that it does not wait for us. */
    private static int read(BufferedReader lines, int steps) throws IOException {
        int seen = 0;
        for (String line = ""; seen < steps && line != null; line = lines.readLine()) {
            seen += line.equals(KilledRun.STEP) ? 1 : 0;
        }
        return seen;
    }

    private void finish(String name, Process process) throws IOException, InterruptedException {
        try (BufferedReader lines = process.inputReader()) {
            read(lines, Integer.MAX_VALUE);
        }
        assertEquals(0, process.waitFor(), () -> log(name));
    }

    private String log(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Lets it take some steps and then a random part of another one, be it in a step, in an evaluation or while writing. */
    private void kill(Process process, int steps, Random random) throws IOException, InterruptedException {
        try (BufferedReader lines = process.inputReader()) {
            assertEquals(steps, read(lines, steps), () -> log("killed"));
            TimeUnit.MICROSECONDS.sleep(random.nextInt(40_000));
            process.destroyForcibly();
            assertEquals(KILLED, process.waitFor(), "it was to be killed while it ran");
        }
    }

    @Test
    void endsAsTheRunThatWasNeverKilled() throws Exception {
        finish("whole", start("whole"));
        Random random = new Random(SEED);
        int fromThere = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            // Each may lose the steps since the last checkpoint; so many remain for those to come.
            int room = Math.max(2, (STEPS - 12 - fromThere) / (KILLS - kill + 1));
            kill(start("killed"), 1 + random.nextInt(room), random);
            List<TrainingCheckpoint> left =
                    Checkpoints.in(folder.resolve("killed")).all();
            fromThere = left.isEmpty() ? 0 : left.get(left.size() - 1).step();
        }
        assertTrue(fromThere > 0, "no checkpoint was written before the last kill");
        assertNotEquals(STEPS, fromThere);
        finish("killed", start("killed"));
        assertEquals(losses("whole"), losses("killed"));
        assertTrue(losses("whole").lines().count() > STEPS, losses("whole"));
    }
}
