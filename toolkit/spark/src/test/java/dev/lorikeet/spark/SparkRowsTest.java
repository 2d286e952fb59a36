package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Classifier;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.model.generate.GenerationConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a model says of the rows of a DataFrame does not depend on how they are spread. */
class SparkRowsTest {

    private static SparkSession spark;

    @BeforeAll
    static void open() {
        spark = Toys.session("local[2]");
    }

    @AfterAll
    static void close() throws IOException {
        spark.close();
    }

    private static Dataset<Row> rows(int count, int partitions) {
        List<String> texts = Toys.table(count).stringColumn("text").asList();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(RowFactory.create(i, i == 3 ? null : texts.get(i)));
        }
        return spark.createDataFrame(rows, DataTypes.createStructType(new StructField[] {
                    DataTypes.createStructField("number", DataTypes.IntegerType, false),
                    DataTypes.createStructField("text", DataTypes.StringType, true)
                }))
                .repartition(partitions);
    }

    /** The value of a column by the number of the row. */
    private static <T> Map<Integer, T> byNumber(Dataset<Row> rows, String column) {
        Map<Integer, T> values = new TreeMap<>();
        rows.collectAsList().forEach(row -> values.put(row.getAs("number"), row.getAs(column)));
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void labelsAreThoseOfOneProcess(int partitions) {
        try (Classifier model = Toys.classifier(0)) {
            List<String> texts = Toys.table(40).stringColumn("text").asList();
            List<String> expected = model.classify(texts).labels();
            Map<Integer, String> labels =
                    byNumber(SparkCluster.of(spark).classify(model, rows(40, partitions), "text"), "predicted");
            assertEquals(40, labels.size());
            labels.forEach((number, label) -> {
                if (number == 3) {
                    assertNull(label);
                } else {
                    assertEquals(expected.get(number), label);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void vectorsAreThoseOfOneProcess(int partitions) {
        try (PretrainedModel model = Toys.causal()) {
            List<String> texts = Toys.table(20).stringColumn("text").asList();
            float[][] expected = model.embedder().embed(texts).toArray();
            SparkCluster.of(spark)
                    .embed(model, rows(20, partitions), "text")
                    .collectAsList()
                    .forEach(row -> {
                        int number = row.getInt(0);
                        if (number != 3) {
                            List<Float> vector = row.getList(2);
                            for (int i = 0; i < vector.size(); i++) {
                                assertEquals(expected[number][i], vector.get(i), 1e-6);
                            }
                        }
                    });
        }
    }

    @Test
    void drawnTextsDependOnSeedAndTextAlone() {
        try (PretrainedModel model = Toys.causal()) {
            SparkCluster cluster = SparkCluster.of(spark);
            GenerationConfig settings = GenerationConfig.sampled(6).seed(9);
            Map<Integer, String> one = byNumber(cluster.generate(model, rows(12, 1), "text", settings), "continuation");
            for (int partitions : List.of(4, 16)) {
                assertEquals(
                        one, byNumber(cluster.generate(model, rows(12, partitions), "text", settings), "continuation"));
            }
            assertNotEquals(
                    one, byNumber(cluster.generate(model, rows(12, 1), "text", settings.seed(10)), "continuation"));
        }
    }

    @Test
    void tablesComeAndGo() {
        Table table = Table.create(
                "all",
                StringColumn.create("text", "one", null, "three"),
                IntColumn.create("count", 1, 2, 3),
                DoubleColumn.create("score", 0.5, Double.NaN, -2),
                BooleanColumn.create("is", new Boolean[] {true, false, null}));
        Table back = SparkCluster.table(SparkCluster.of(spark).rows(table));
        assertEquals(List.of("text", "count", "score", "is"), back.columnNames());
        for (int row = 0; row < 3; row++) {
            assertEquals(
                    table.column("text").isMissing(row), back.column("text").isMissing(row));
            assertEquals(
                    table.stringColumn("text").get(row),
                    back.stringColumn("text").get(row));
            assertEquals(
                    table.intColumn("count").getDouble(row),
                    back.longColumn("count").getDouble(row));
            assertEquals(
                    table.doubleColumn("score").get(row),
                    back.doubleColumn("score").get(row));
            assertEquals(
                    table.booleanColumn("is").get(row), back.booleanColumn("is").get(row));
        }
    }

    @Test
    void storedRowsAreComputedOnce(@TempDir Path folder) {
        try (Classifier model = Toys.classifier(0)) {
            SparkCluster cluster = SparkCluster.of(spark);
            Dataset<Row> stored = cluster.store(
                    cluster.classify(model, rows(10, 2), "text"),
                    folder.resolve("labels").toString());
            model.close();
            assertEquals(10, stored.count());
            assertEquals(List.of("number", "text", "predicted", "confidence"), List.of(stored.columns()));
        }
    }

    @Test
    void whatCannotBeReadIsRefusedBeforeAnythingRuns() {
        try (Classifier model = Toys.classifier(0)) {
            SparkCluster cluster = SparkCluster.of(spark);
            UnknownNameException unknown =
                    assertThrows(UnknownNameException.class, () -> cluster.classify(model, rows(4, 1), "txt"));
            assertEquals(
                    "There is no column \"txt\". Did you mean \"text\"? There are: number, text", unknown.getMessage());
            BadArgumentException type =
                    assertThrows(BadArgumentException.class, () -> cluster.classify(model, rows(4, 1), "number"));
            assertEquals("column number is \"int\"; expected string", type.getMessage());
        }
    }
}
