package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import dev.lorikeet.train.ClassifierTuning;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.loss.Loss;
import dev.lorikeet.train.step.BackwardPass;
import dev.lorikeet.train.step.GradientSource;
import dev.lorikeet.train.step.GradientSources;
import dev.lorikeet.train.step.LossResult;
import dev.lorikeet.train.step.MicroBatch;
import dev.lorikeet.train.sweep.Sweep;
import dev.lorikeet.train.sweep.SweepResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** Executors that die, come and go change no digit; one with another model takes no part. */
@Tag("faults")
class SparkFaultsTest {

    private SparkSession spark;

    @BeforeEach
    void open() {
        spark = Toys.session("local-cluster[2,1,1024]");
    }

    @AfterEach
    void close() throws IOException {
        spark.close();
    }

    /** Does something beside some updates. */
    private interface Disturbance {
        void at(int update) throws Exception;
    }

    private static GradientSources disturbed(SparkCluster cluster, Disturbance disturbance) {
        return (model, loss, memory) -> {
            GradientSource source = cluster.open(model, loss, memory);
            return new GradientSource() {

                private int updates;

                @Override
                public LossResult accumulate(
                        List<MicroBatch> microBatches, BiConsumer<Batch, BackwardPass.MicroBatchArrays> observer) {
                    try {
                        disturbance.at(updates++);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    return source.accumulate(microBatches, observer);
                }

                @Override
                public void close() {
                    source.close();
                }
            };
        };
    }

    private static ClassifierTuning tuning(Classifier model) {
        return Toys.settings(FineTune.of(model).on(Toys.splits(96, 0)))
                .batchSize(2)
                .accumulate(4)
                .evaluateEvery(0);
    }

    @Test
    void executorsThatAreKilledCostNoDigit() {
        Random random = new Random(11);
        Set<Integer> struck = new TreeSet<>();
        while (struck.size() < 20) {
            struck.add(random.nextInt(24));
        }
        List<Thread> killers = new ArrayList<>();
        try (Classifier here = Toys.classifier(0.2);
                Classifier over = Toys.classifier(0.2)) {
            TrainingRun expected = tuning(here).run();
            TrainingRun run = tuning(over)
                    .over(disturbed(SparkCluster.of(spark), update -> {
                        if (struck.contains(update)) {
                            ExecutorProcesses.awaitAlive(2);
                            ProcessHandle victim = ExecutorProcesses.alive().get(random.nextInt(2));
                            Thread killer = new Thread(() -> killAfter(victim, random.nextInt(120)));
                            killer.start();
                            killers.add(killer);
                        }
                    }))
                    .run();
            assertEquals(20, killers.size());
            assertEquals(Toys.numbers(expected), Toys.numbers(run));
            assertEquals(Toys.weights(here), Toys.weights(over));
        }
    }

    private static void killAfter(ProcessHandle victim, int millis) {
        try {
            Thread.sleep(millis);
            victim.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A task each, so that the others take what it does not get to. */
    @Test
    void aSlowExecutorIsWaitedForOnce() {
        double pause = 3;
        try (Classifier model = Toys.classifier(0)) {
            TrainingRun run = Toys.settings(FineTune.of(model).on(Toys.splits(96, 0)))
                    .batchSize(2)
                    .accumulate(8)
                    .maxSteps(5)
                    .evaluateEvery(0)
                    .loss(new PausingLoss(Math.round(1000 * pause), "0"))
                    .over(SparkCluster.of(spark))
                    .run();
            assertTrue(run.stepSeconds() >= pause, "the slow executor took none: " + run.stepSeconds());
            assertTrue(run.stepSeconds() <= 1.3 * pause, "an update took " + run.stepSeconds() + " s");
        }
    }

    /** Spark tries a task four times. */
    @Test
    void aTrialThatEndsItsExecutorsIsARow() {
        try (Classifier model = Toys.causal().classifier("ham", "spam")) {
            ClassifierTuning tuning = tuning(model).maxSteps(2);
            SweepResult halted = Sweep.of(tuning.loss(new HaltingLoss()))
                    .over(SparkCluster.of(spark))
                    .run();
            assertFalse(halted.interrupted());
            String ending = halted.results().get(0).ending();
            assertTrue(ending.startsWith("failed: A trial failed on the cluster: "), ending);
            assertTrue(Sweep.of(tuning.loss(Loss.crossEntropy()))
                    .over(SparkCluster.of(spark))
                    .run()
                    .best()
                    .isWhole());
        }
    }

    @Test
    void textsOfTasksThatAreTriedAgainAreTheSame() {
        try (PretrainedModel model = Toys.causal()) {
            Map<String, String> expected = continuations(model, 1);
            Thread killer = new Thread(() -> killAfter(ExecutorProcesses.alive().get(0), 2000));
            killer.start();
            assertEquals(expected, continuations(model, 16));
            assertFalse(killer.isAlive());
        }
    }

    private Map<String, String> continuations(PretrainedModel model, int partitions) {
        SparkCluster cluster = SparkCluster.of(spark);
        Table written = SparkCluster.table(cluster.generate(
                model,
                cluster.rows(Toys.table(64)).repartition(partitions),
                "text",
                GenerationConfig.sampled(40).seed(3)));
        Map<String, String> continuations = new TreeMap<>();
        written.forEach(row -> continuations.put(row.getString("text"), row.getString("continuation")));
        return continuations;
    }

    @Test
    void anExecutorThatJoinsLaterGetsWhatWasSentBefore() {
        try (Classifier first = Toys.classifier(0);
                Classifier here = Toys.classifier(0.2);
                Classifier over = Toys.classifier(0.2)) {
            SparkCluster cluster = SparkCluster.of(spark);
            tuning(first).maxSteps(2).over(cluster).run();
            TrainingRun expected = tuning(here).run();
            TrainingRun run = tuning(over)
                    .over(disturbed(cluster, update -> {
                        if (update == 5) {
                            ExecutorProcesses.alive().forEach(ProcessHandle::destroyForcibly);
                        }
                    }))
                    .run();
            assertEquals(Toys.numbers(expected), Toys.numbers(run));
        }
    }

    @Test
    void anExecutorThatJoinsWithAnotherBaseIsRefusedByName(@TempDir Path shared) {
        try (Classifier over = Toys.classifier(0)) {
            LorikeetException e = assertThrows(LorikeetException.class, () -> tuning(over)
                    .over(disturbed(SparkCluster.of(spark).sharedFolder(shared), update -> {
                        if (update == 2) {
                            damage(shared);
                            ExecutorProcesses.alive().forEach(ProcessHandle::destroyForcibly);
                        }
                    }))
                    .run());
            assertTrue(
                    e.getMessage().matches("(?s).*Executor \\d+ cannot take part: its frozen weights have the hash.*"),
                    e.getMessage());
        }
    }

    /** Changes a bit of the base. */
    private static void damage(Path shared) throws IOException {
        try (Stream<Path> files = Files.walk(shared)) {
            Path weights = files.filter(file -> file.endsWith("base/model.safetensors"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
                file.seek(file.length() - 4);
                int before = file.read();
                file.seek(file.length() - 4);
                file.write(before ^ 1);
            }
        }
    }

    @Test
    void aDriverThatIsKilledGoesOnFromItsCheckpoint(@TempDir Path folder) throws Exception {
        String expected;
        try (Classifier here = Toys.classifier(0.2)) {
            tuning(here).run();
            expected = "weights " + Toys.weights(here);
        }
        Process first = driver(folder, "run", ProcessBuilder.Redirect.DISCARD);
        for (int i = 0; i < 1200 && !Files.exists(folder.resolve("checkpoint-9")) && first.isAlive(); i++) {
            Thread.sleep(50);
        }
        assertTrue(first.isAlive());
        first.destroyForcibly().waitFor();
        Process second = driver(folder, "resume", ProcessBuilder.Redirect.PIPE);
        String said = new String(second.getInputStream().readAllBytes());
        assertEquals(0, second.waitFor(), said);
        assertFalse(said.contains("starts from the beginning"), said);
        assertTrue(said.contains(expected), said);
    }

    private static Process driver(Path folder, String how, ProcessBuilder.Redirect output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Driver.class.getName(),
                        folder.toString(),
                        how)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    /** Trains over executors of its own, slowly enough to be killed. */
    static final class Driver {

        private Driver() {}

        public static void main(String... args) throws IOException {
            try (SparkSession spark = Toys.session("local-cluster[2,1,1024]");
                    Classifier model = Toys.classifier(0.2)) {
                ClassifierTuning tuning = tuning(model)
                        .over(disturbed(
                                SparkCluster.of(spark), update -> Thread.sleep(args[1].equals("run") ? 200 : 0)))
                        .saveEvery(3, args[0]);
                if (args[1].equals("run")) {
                    tuning.run();
                } else {
                    tuning.resume();
                }
                System.out.println("weights " + Toys.weights(model));
            }
        }
    }
}
