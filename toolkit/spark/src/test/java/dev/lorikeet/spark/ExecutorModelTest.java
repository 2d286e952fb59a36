package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.lorikeet.model.Classifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
