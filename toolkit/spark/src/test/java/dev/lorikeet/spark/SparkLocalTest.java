package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.Models;
import dev.lorikeet.train.ClassifierTuning;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.loss.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks in the driver's own process use its model. */
class SparkLocalTest {

    private static SparkCluster cluster;

    @BeforeAll
    static void open() {
        cluster = SparkCluster.local();
    }

    @AfterAll
    static void close() {
        cluster.spark().stop();
    }

    private static ClassifierTuning tuning(Classifier model) {
        return Toys.settings(FineTune.of(model).on(Toys.splits(26, 0)))
                .batchSize(2)
                .accumulate(4)
                .evaluateEvery(0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2})
    void aClassifierLearnsTheSame(double dropout) {
        try (Classifier here = Toys.classifier(dropout);
                Classifier over = Toys.classifier(dropout)) {
            TrainingRun expected = tuning(here).run();
            TrainingRun run = tuning(over).over(cluster).run();
            assertEquals(Toys.numbers(expected), Toys.numbers(run));
            assertEquals(Toys.weights(here), Toys.weights(over));
            assertTrue(cluster.toString()
                    .matches("Spark .* at local\\[1]: 8 updates, .* s of it in Spark and the network"));
            assertTrue(cluster.overhead() > 0);
        }
    }

    @Test
    void aLossOfACellServes() {
        Loss own = (logits, labels) -> Loss.crossEntropy().of(logits, labels).mul(Loss.constant(2, logits));
        try (Classifier here = Toys.classifier(0);
                Classifier over = Toys.classifier(0)) {
            TrainingRun expected = tuning(here).loss(own).run();
            assertEquals(
                    Toys.numbers(expected),
                    Toys.numbers(tuning(over).loss(own).over(cluster).run()));
        }
    }

    @Test
    void aProgramTrainsFromAFile(@TempDir Path folder) throws IOException {
        Path data = folder.resolve("data.csv");
        Toys.table(48).write().csv(data.toFile());
        String adapter = folder.resolve("adapter").toString();
        String[] arguments = {
            "minilm-l6-v2",
            data.toString(),
            adapter,
            "label=label",
            "accumulate=4",
            "rate=1e-3",
            "checkpoints=" + folder.resolve("runs")
        };
        Train.main(arguments);
        try (Classifier trained = Models.classifier(adapter)) {
            assertEquals(List.of("ham", "spam"), trained.labels());
        }
        assertTrue(Files.isDirectory(folder.resolve("runs/checkpoint-3")));
    }

    @Test
    void aSecondSessionIsRefused() {
        LorikeetException e = assertThrows(LorikeetException.class, () -> SparkCluster.localExecutors(2, 1, 1024));
        assertTrue(e.getMessage().startsWith("This process has a Spark session at local[1] already"), e.getMessage());
        assertThrows(BadArgumentException.class, () -> SparkCluster.localExecutors(0, 1, 1024));
    }

    @Test
    void settingsOfAProgramAreChecked() {
        assertEquals(
                "There is no setting \"ranks\". Did you mean \"rank\"?",
                assertThrows(UnknownNameException.class, () -> Train.main("m", "d", "a", "ranks=4"))
                        .getMessage()
                        .split(" There are")[0]);
        assertThrows(BadArgumentException.class, () -> Train.main("m", "d"));
        assertThrows(BadArgumentException.class, () -> Train.main("m", "d", "a", "rank"));
        assertThrows(BadArgumentException.class, () -> Train.main("m", "d", "a", "rank=four"));
        assertThrows(BadArgumentException.class, () -> Train.main("m", "d", "a", "rate=fast"));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 500, 600, 700, 800})
    void anInterruptStopsWithinAStep(int millis) {
        try (Classifier model = Toys.classifier(0)) {
            Thread trainer = Thread.currentThread();
            TrainingRun run = tuning(model)
                    .epochs(1000)
                    .over((trained, loss, memory) -> {
                        SparkTrainingTest.interruptLater(trainer, millis);
                        return cluster.open(trained, loss, memory);
                    })
                    .run();
            assertEquals(TrainingRun.Ending.INTERRUPTED, run.ending());
            assertFalse(Thread.interrupted());
            assertEquals(1, model.classify(List.of("win cash")).size());
            assertEquals(8, tuning(model).over(cluster).run().steps());
        }
    }
}
