package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.TaskModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExecutorModelTest {

    @Test
    void tasksOfOneProcessShareOneModel(@TempDir Path shared) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (SparkSession spark = Toys.session("local[2]");
                Classifier model = Toys.classifier(0);
                ModelShipment shipment =
                        ModelShipment.of(new JavaSparkContext(spark.sparkContext()), model, Optional.of(shared))) {
            List<Callable<ExecutorModel>> tasks = IntStream.range(0, 8)
                    .<Callable<ExecutorModel>>mapToObj(i -> () -> ExecutorModel.of(shipment.handle()))
                    .toList();
            ExecutorModel first = ExecutorModel.of(shipment.handle());
            for (Future<ExecutorModel> found : threads.invokeAll(tasks)) {
                assertSame(first, found.get());
            }
            assertEquals(ModelFacts.of(model), first.facts());
        } finally {
            threads.shutdown();
        }
    }

    static Stream<LanguageModel> models() {
        return Stream.of(
                Toys.causal(),
                Toys.adapted(Toys.causal(), 0.1),
                Toys.causal()
                        .classifier("ham", "spam", "news")
                        .multiLabel()
                        .pooling(Classifier.Pooling.MEAN)
                        .padTo(20),
                Toys.adapted(Toys.causal().classifier("ham", "spam").pooling(Classifier.Pooling.LAST_POSITION), 0),
                Toys.causal().regressor("stars"),
                Toys.adapted(Toys.causal().regressor("stars"), 0),
                Toys.causal().tagger("place", "person"),
                Toys.adapted(Toys.causal().tagger("place", "person"), 0));
    }

    @ParameterizedTest
    @MethodSource("models")
    void anyKindOfModelArrivesAsItWas(LanguageModel given, @TempDir Path shared) throws IOException {
        try (SparkSession spark = Toys.session("local[2]");
                LanguageModel model = given;
                ModelShipment shipment =
                        ModelShipment.of(new JavaSparkContext(spark.sparkContext()), model, Optional.of(shared))) {
            LanguageModel copy = ExecutorModel.checked(shipment.handle()).model();
            assertEquals(model.getClass(), copy.getClass());
            if (model instanceof TaskModel made) {
                assertEquals(made.labels(), ((TaskModel) copy).labels());
                assertEquals(made.task(), ((TaskModel) copy).task());
            }
            if (model instanceof Classifier made) {
                assertEquals(made.pooling(), ((Classifier) copy).pooling());
                assertEquals(made.paddedLength(), ((Classifier) copy).paddedLength());
                assertEquals(made.classify("win cash"), ((Classifier) copy).classify("win cash"));
            }
        }
    }

    @Test
    void differencesAreNamed() throws IOException {
        ModelFacts facts = new ModelFacts("abc", "float32", "rank 4", "{}");
        assertEquals(List.of(), facts.differences(facts));
        assertEquals(
                List.of("its adapter is rank 8 instead of rank 4"),
                facts.differences(new ModelFacts("abc", "float32", "rank 8", "{a}")));
        assertEquals(
                List.of(
                        "its frozen weights have the hash abd instead of abc",
                        "it computes in bfloat16 instead of float32"),
                facts.differences(new ModelFacts("abd", "bfloat16", "rank 4", "{}")));
    }
}
