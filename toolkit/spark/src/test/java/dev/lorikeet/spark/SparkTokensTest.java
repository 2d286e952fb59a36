package dev.lorikeet.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.Datasets;
import dev.lorikeet.data.Documents;
import dev.lorikeet.data.token.TokenRow;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.Models;
import dev.lorikeet.model.PretrainedModel;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.train.FineTune;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Rows that a cluster tokenises are those of one process. */
class SparkTokensTest {

    private static final List<Integer> PARTITIONS = List.of(1, 4, 16);

    private static Table chats(int rows) {
        List<String> chats = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            chats.add(
                    "[{\"role\":\"user\",\"content\":\"Is %d \\\"prime\\\"?\"},{\"role\":\"assistant\",\"content\":\"Ask a kea: %d.\"}]"
                            .formatted(i, i * i));
        }
        return Table.create("chats", StringColumn.create("messages", chats));
    }

    /** The same conversations as lists of objects. */
    private static Dataset<Row> turns(SparkSession spark, int rows) {
        StructType turn = DataTypes.createStructType(List.of(
                DataTypes.createStructField("role", DataTypes.StringType, true),
                DataTypes.createStructField("content", DataTypes.StringType, true)));
        List<Row> chats = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            chats.add(RowFactory.create((Object) List.of(
                    RowFactory.create("user", "Is " + i + " \"prime\"?"),
                    RowFactory.create("assistant", "Ask a kea: " + i * i + "."))));
        }
        return spark.createDataFrame(
                chats,
                DataTypes.createStructType(
                        List.of(DataTypes.createStructField("messages", DataTypes.createArrayType(turn), true))));
    }

    private static List<String> lines(Documents documents, LanguageModel model) {
        return documents.tokenize(model.tokenizer()).stream()
                .map(SparkTokensTest::line)
                .toList();
    }

    private static String line(TokenRow row) {
        return Arrays.toString(row.ids())
                + Arrays.toString(row.labels())
                + Arrays.toString(row.segmentIds())
                + row.length();
    }

    private static List<String> lines(Dataset<Row> tokens) {
        assertEquals(List.of("input_ids", "labels", "segment_ids", "length"), List.of(tokens.columns()));
        return tokens.collectAsList().stream()
                .map(row -> "" + row.getList(0) + row.getList(1) + row.getList(2) + row.getInt(3))
                .toList();
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    private static PretrainedModel chatModel() {
        return Models.load("smollm2-135m", Quantization.AS_STORED, DType.FLOAT32);
    }

    @Test
    void answersOfConversationsAreLearnedAsAtHome() throws IOException {
        try (SparkSession spark = Toys.session("local[2]");
                PretrainedModel model = chatModel()) {
            SparkCluster cluster = SparkCluster.of(spark);
            TokenSettings settings = TokenSettings.of().completionOnly().length(40);
            List<String> expected =
                    lines(Documents.of(chats(30)).completionOnly().length(40), model);
            assertEquals(30, expected.size());
            for (int partitions : PARTITIONS) {
                Dataset<Row> rows = cluster.rows(chats(30)).repartition(partitions);
                assertEquals(sorted(expected), sorted(lines(cluster.tokenize(model, rows, settings))));
            }
            assertEquals(
                    expected, lines(cluster.tokenize(model, turns(spark, 30).coalesce(1), settings)));
            assertEquals(
                    "[{\"role\":\"user\",\"content\":\"Is 0 \\\"prime\\\"?\"},{\"role\":\"assistant\",\"content\":\"Ask a kea: 0.\"}]",
                    SparkCluster.table(turns(spark, 1)).column("messages").getString(0));
        }
    }

    @Test
    void executorsNeedNothingButTheTokenizer() throws IOException {
        try (SparkSession spark = Toys.session("local-cluster[2,1,1024]");
                PretrainedModel model = chatModel()) {
            TokenSettings settings = TokenSettings.of().completionOnly().length(40);
            Dataset<Row> tokens =
                    SparkCluster.of(spark).tokenize(model, turns(spark, 30).repartition(4), settings);
            assertEquals(
                    sorted(lines(Documents.of(chats(30)).completionOnly().length(40), model)), sorted(lines(tokens)));
        }
    }

    @Test
    void textsAreTheSameHoweverTheyAreSpread() throws IOException {
        Table texts = Table.create("t", StringColumn.create("text", "", null, "a kea", "x"));
        texts.append(Table.create(Toys.table(60).column("text")));
        try (SparkSession spark = Toys.session("local[2]");
                PretrainedModel model = Toys.causal()) {
            SparkCluster cluster = SparkCluster.of(spark);
            Documents home = Documents.of(texts).length(12);
            assertEquals(62, lines(home, model).size());
            for (int partitions : PARTITIONS) {
                Dataset<Row> rows = cluster.rows(texts).repartition(partitions);
                assertEquals(
                        sorted(lines(home, model)),
                        sorted(lines(cluster.tokenize(
                                model, rows, TokenSettings.ofText("text").length(12)))));
            }
        }
    }

    @Test
    void textsArePackedWithinAPartition() throws IOException {
        try (SparkSession spark = Toys.session("local[2]");
                PretrainedModel model = Toys.causal()) {
            SparkCluster cluster = SparkCluster.of(spark);
            TokenSettings settings = TokenSettings.of().length(32).packed();
            Documents home = Documents.of(Toys.table(40)).length(32).packed();
            Dataset<Row> rows = cluster.rows(Toys.table(40));
            assertEquals(lines(home, model), lines(cluster.tokenize(model, rows.coalesce(1), settings)));
            for (int partitions : PARTITIONS) {
                List<Row> tokens = cluster.tokenize(model, rows.repartition(partitions), settings)
                        .collectAsList();
                assertEquals(
                        40,
                        tokens.stream()
                                .mapToInt(row -> row.<Integer>getList(2).get(row.getInt(3) - 1) + 1)
                                .sum());
                assertTrue(tokens.stream().allMatch(row -> row.getInt(3) <= 32));
            }
            Dataset<Row> single =
                    cluster.tokenize(model, rows.coalesce(1), TokenSettings.of().length(32));
            assertEquals(lines(home, model), lines(cluster.tokenize(model, single, settings)));
        }
    }

    /** One row of all decides how prompts and completions are joined. */
    @Test
    void promptsAndCompletionsAreJoinedAlikeInAllPartitions() throws IOException {
        List<String> completions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            completions.add((i == 17 ? " " : "") + "blue " + i);
        }
        try (SparkSession spark = Toys.session("local[2]");
                PretrainedModel model = Toys.causal()) {
            SparkCluster cluster = SparkCluster.of(spark);
            for (int rows : List.of(17, 20)) {
                Table pairs = Table.create(
                        "pairs",
                        StringColumn.create(
                                "prompt",
                                completions.stream().map(text -> "The sky is").limit(rows)),
                        StringColumn.create("completion", completions.stream().limit(rows)));
                assertEquals(
                        sorted(lines(Documents.of(pairs).completionOnly(), model)),
                        sorted(lines(cluster.tokenize(
                                model,
                                cluster.rows(pairs).repartition(8),
                                TokenSettings.of().completionOnly()))));
            }
        }
    }

    @Test
    void storedTokensTrainAsTheirTextsDo(@TempDir Path folder) throws IOException {
        try (SparkSession spark = Toys.session("local[2]");
                PretrainedModel here = Toys.adapted(Toys.causal(), 0.1);
                PretrainedModel other = Toys.adapted(Toys.causal(), 0.1)) {
            SparkCluster cluster = SparkCluster.of(spark);
            String tokens = folder.resolve("tokens").toString();
            cluster.store(
                    cluster.tokenize(
                            here,
                            cluster.rows(Toys.table(26)).coalesce(1),
                            TokenSettings.ofText("text").length(24)),
                    tokens);
            Documents stored = Documents.of(Datasets.read(tokens)).batch(2);
            assertEquals(
                    Toys.numbers(Toys.settings(FineTune.of(here).on(Toys.documents(26)))
                            .accumulate(4)
                            .run()),
                    Toys.numbers(Toys.settings(FineTune.of(other).on(stored))
                            .accumulate(4)
                            .run()));
        }
    }

    @Test
    void whatCannotBeTokenisedIsRefusedBeforeAnythingRuns() throws IOException {
        try (SparkSession spark = Toys.session("local[2]");
                PretrainedModel model = Toys.causal()) {
            SparkCluster cluster = SparkCluster.of(spark);
            Dataset<Row> rows = cluster.rows(Toys.table(4));
            assertEquals(
                    "There is no column \"txt\". Did you mean \"text\"? There are: label, text",
                    assertThrows(
                                    UnknownNameException.class,
                                    () -> cluster.tokenize(model, rows, TokenSettings.ofText("txt")))
                            .getMessage());
            String columns = assertThrows(
                            BadArgumentException.class,
                            () -> cluster.tokenize(model, rows.drop("text"), TokenSettings.of()))
                    .getMessage();
            assertTrue(columns.startsWith("columns is [label]; expected messages, conversations,"), columns);
            for (Dataset<Row> chats : List.of(cluster.rows(chats(4)), turns(spark, 4))) {
                String template = assertThrows(
                                LorikeetException.class, () -> cluster.tokenize(model, chats, TokenSettings.of()))
                        .getMessage();
                assertTrue(template.startsWith("There is no chat template"), template);
            }
            assertThrows(BadArgumentException.class, () -> TokenSettings.of().length(1));
        }
    }

    @Test
    void aBadRowIsNamedByItsPartition(@TempDir Path folder) throws IOException {
        Table texts = Table.create("t", StringColumn.create("input_ids", "[1, 2]", "[3, x]"));
        try (SparkSession spark = Toys.session("local[2]");
                PretrainedModel model = Toys.causal()) {
            SparkCluster cluster = SparkCluster.of(spark);
            Dataset<Row> tokens = cluster.tokenize(model, cluster.rows(texts).coalesce(1), TokenSettings.of());
            String stored = folder.resolve("tokens").toString();
            String message = assertThrows(LorikeetException.class, () -> cluster.store(tokens, stored))
                    .getMessage();
            assertEquals(
                    "Storing rows failed on the cluster: In the rows from 0 on of partition 0: row 1 of input_ids is \"[3, x]\";"
                            + " expected a list of whole numbers, such as [1, 2, 3]",
                    message);
        }
    }
}
