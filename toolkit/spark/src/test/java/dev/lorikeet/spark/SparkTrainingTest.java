package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.lora.Lora;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.train.FineTune;
import dev.lorikeet.train.TrainingRun;
import dev.lorikeet.train.checkpoint.Checkpoints;
import dev.lorikeet.train.step.GradientSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

/** A training over executors of their own process is that of one process, to the last bit. */
class SparkTrainingTest {

    private static SparkSession spark;

    @BeforeAll
    static void open() {
        spark = Toys.session("local-cluster[2,1,1024]");
    }

    @AfterAll
    static void close() throws IOException {
        spark.close();
    }

    private static SparkCluster cluster() {
        return SparkCluster.of(spark);
    }

    /** Trains with updates of four micro-batches, of which the last of an epoch has fewer. */
    private static TrainingRun train(LanguageModel model, UnaryOperator<FineTune<?>> over) {
        return model instanceof Classifier classifier
                ? over.apply(Toys.settings(FineTune.of(classifier).on(Toys.splits(26, 8)))
                                .batchSize(2)
                                .accumulate(4)
                                .evaluateEvery(3))
                        .run()
                : over.apply(Toys.settings(FineTune.of((PretrainedModel) model).on(Toys.documents(26)))
                                .accumulate(4))
                        .run();
    }

    private static void assertSame(Supplier<? extends LanguageModel> maker, SparkCluster cluster) {
        try (LanguageModel here = maker.get();
                LanguageModel over = maker.get()) {
            TrainingRun expected = train(here, tuning -> tuning);
            TrainingRun run = train(over, tuning -> tuning.over(cluster));
            assertEquals(Toys.numbers(expected), Toys.numbers(run));
            assertEquals(expected.history().evaluations(), run.history().evaluations());
            assertEquals(Toys.weights(here), Toys.weights(over));
        }
    }

    static Stream<Arguments> models() {
        return Stream.of(
                model("a dense model", () -> Toys.adapted(Toys.causal(), 0)),
                model("a dense model with dropout", () -> Toys.adapted(Toys.causal(), 0.2)),
                model("a model in NF4", () -> Toys.adapted(Toys.causal().quantize(Quantization.NF4), 0.2)),
                model("a model in INT8", () -> Toys.adapted(Toys.causal().quantize(Quantization.INT8), 0)),
                model(
                        "a model in its file's own form",
                        () -> Toys.adapted(Models.load("smollm2-135m", Quantization.AS_STORED, DType.FLOAT32), 0)),
                model("a classifier", () -> Toys.classifier(0)),
                model("a classifier with dropout", () -> Toys.classifier(0.2)),
                model(
                        "an encoder",
                        () -> Toys.adapted(
                                Models.load("minilm-l6-v2", DType.FLOAT32).classifier("ham", "spam"), 0)));
    }

    private static Arguments model(String name, Supplier<? extends LanguageModel> maker) {
        return Arguments.argumentSet(name, maker);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyModelLearnsTheSame(Supplier<? extends LanguageModel> maker) {
        assertSame(maker, cluster());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 9})
    void theNumberOfTasksChangesNothing(int tasks) {
        assertSame(() -> Toys.classifier(0.2), cluster().tasksPerStep(tasks));
    }

    @Test
    void sumsOfTasksDifferInTheLastDigitsAlone() {
        try (Classifier here = Toys.classifier(0);
                Classifier over = Toys.classifier(0)) {
            List<Double> expected = losses(train(here, tuning -> tuning));
            List<Double> losses = losses(
                    train(over, tuning -> tuning.over(cluster().tasksPerStep(2).sumPerTask())));
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i), losses.get(i), 1e-5);
            }
        }
    }

    private static List<Double> losses(TrainingRun run) {
        return run.history().steps().stream().map(step -> step.loss()).toList();
    }

    @Test
    void aSharedFolderServesAsWell(@TempDir Path folder) {
        assertSame(() -> Toys.classifier(0.2), cluster().sharedFolder(folder));
        assertEquals(0, folder.toFile().list().length);
    }

    @Test
    void anInterruptStopsWithinAStep() {
        try (Classifier model = Toys.classifier(0)) {
            Thread trainer = Thread.currentThread();
            TrainingRun run = train(
                    model,
                    tuning -> tuning.over((trained, loss, memory) -> {
                        GradientSource source = cluster().open(trained, loss, memory);
                        interruptLater(trainer, 700);
                        return source;
                    }));
            assertEquals(TrainingRun.Ending.INTERRUPTED, run.ending());
            assertFalse(Thread.interrupted());
            // The model and the cluster are as usable as before.
            assertEquals(1, model.classify(List.of("win cash")).size());
            assertEquals(8, train(model, tuning -> tuning.over(cluster())).steps());
        }
    }

    static void interruptLater(Thread thread, int millis) {
        new Thread(() -> {
                    try {
                        Thread.sleep(millis);
                        thread.interrupt();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
    }

    @Test
    void aRunGoesOnFromItsCheckpoints(@TempDir Path folder) {
        try (Classifier here = Toys.classifier(0.2);
                Classifier first = Toys.classifier(0.2);
                Classifier second = Toys.classifier(0.2)) {
            TrainingRun expected = train(here, tuning -> tuning);
            train(first, tuning -> tuning.over(cluster())
                    .maxSteps(0)
                    .checkpoints(Checkpoints.in(folder).every(3).keep(9)));
            // As after a death in the second epoch.
            for (String later : List.of("checkpoint-6", "checkpoint-8")) {
                AtomicFolders.delete(folder.resolve(later));
            }
            TrainingRun run = Toys.settings(FineTune.of(second).on(Toys.splits(26, 8)))
                    .batchSize(2)
                    .accumulate(4)
                    .evaluateEvery(3)
                    .over(cluster())
                    .checkpoints(Checkpoints.in(folder).every(3).keep(9))
                    .resume();
            assertEquals(Toys.numbers(expected), Toys.numbers(run));
            assertEquals(Toys.weights(here), Toys.weights(second));
        }
    }

    @Test
    void executorsLabelWithTheModelAsItIsNow() {
        try (Classifier model = Toys.classifier(0)) {
            train(model, tuning -> tuning.over(cluster()));
            List<String> expected =
                    model.classify(Toys.table(30).stringColumn("text").asList()).labels();
            Table labelled = SparkCluster.table(
                    cluster().classify(model, cluster().rows(Toys.table(30)).repartition(4), "text"));
            for (int row = 0; row < 30; row++) {
                int number =
                        Integer.parseInt(labelled.stringColumn("text").get(row).replaceAll(".* ", ""));
                assertEquals(
                        expected.get(number), labelled.stringColumn("predicted").get(row));
            }
        }
    }

    @Test
    void whatCannotGoOverIsRefusedBeforeTheFirstStep() {
        try (PretrainedModel bare = Toys.causal();
                PretrainedModel twice = Toys.adapted(Toys.causal(), 0)) {
            bare.freeze(false);
            List<String> messages = new ArrayList<>();
            messages.add(refused(bare));
            Lora.rank(2).named("other").on("query").inject(twice);
            messages.add(refused(twice));
            assertTrue(messages.get(0).contains("an adapter"), messages.get(0));
            assertTrue(messages.get(1).contains("[default, other]"), messages.get(1));
        }
    }

    private static String refused(PretrainedModel model) {
        return assertThrows(LorikeetException.class, () -> train(model, tuning -> tuning.over(cluster())))
                .getMessage();
    }

    @Test
    void whatAnExecutorComputesDoesNotCountAsSpark() {
        SparkCluster cluster = cluster();
        try (Classifier model = Toys.classifier(0)) {
            TrainingRun run = Toys.settings(FineTune.of(model).on(Toys.splits(48, 0)))
                    .batchSize(2)
                    .accumulate(8)
                    .evaluateEvery(0)
                    .loss(new PausingLoss(200, ""))
                    .over(cluster)
                    .run();
            double computing = run.stepSeconds() - cluster.overhead();
            assertTrue(computing >= 0.75, "of four micro-batches of 0.2 s: " + computing);
        }
    }
}
