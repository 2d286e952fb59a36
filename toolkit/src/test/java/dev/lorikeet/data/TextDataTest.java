package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.catalogue.PublicSet;
import dev.lorikeet.data.table.Columns;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TextDataTest {

    /** 30 rows of "a", 20 of "b", 10 of "c". */
    private static Table table() {
        List<String> labels = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < 60; row++) {
            labels.add(row % 6 < 3 ? "a" : row % 6 < 5 ? "b" : "c");
            texts.add("text " + row);
        }
        return Columns.table("Texts", labels, texts);
    }

    private static List<String> rows(Splits splits) {
        List<String> rows = new ArrayList<>();
        for (Table part : List.of(splits.train(), splits.validation(), splits.test())) {
            rows.addAll(rows(part));
        }
        return rows;
    }

    private static List<String> rows(Table part) {
        return IntStream.range(0, part.rowCount())
                .mapToObj(row -> part.getString(row, "label") + "\t" + part.getString(row, "text"))
                .toList();
    }

    private static String hash(Table part) {
        String lines = String.join("\n", rows(part)) + "\n";
        return PublicSet.hash(lines.getBytes(StandardCharsets.UTF_8));
    }

    /** The hashes are of the CSV files that the Python side trains on, taken there. */
    @Test
    void theRealMessagesAreSplitAsForThePythonSide() {
        Table sms = Datasets.smsSpam(TestData.data("SMSSpamCollection.tsv"));
        TextData data = TextData.balanced(sms, "label");
        assertEquals("SMSSpamCollection.tsv: 1,494 of 5,574 rows, 747 ham, 747 spam", data.toString());

        Splits splits = data.split(0.7, 0.1);
        assertEquals(1045, splits.train().rowCount());
        assertEquals(149, splits.validation().rowCount());
        assertEquals(300, splits.test().rowCount());
        assertEquals("d3b70611fd554dca801ec5b36e2a62ef4d8f45053e9a1c618cf7c3b90c0100c2", hash(splits.train()));
        assertEquals("316576434097d82da2b2b0e63edc645c03d2962a3547f43ee9e783c44eed892c", hash(splits.validation()));
        assertEquals("7090aa7a21a01f4be4810ba35edf53eb10f01dbd0fda7849769ef0d51ba24ea5", hash(splits.test()));
    }

    @Test
    void theSmallSetIsSplitTheSameWay() {
        Table small = smallSet();
        Splits splits = TextData.balanced(small, "label").split(0.7, 0.1);
        int rows = 2
                * Math.min(
                        small.stringColumn("label").countOccurrences("ham"),
                        small.stringColumn("label").countOccurrences("spam"));
        assertEquals((int) (rows * 0.7), splits.train().rowCount());
        assertEquals((int) (rows * 0.1), splits.validation().rowCount());
        assertEquals(rows, rows(splits).size());
        assertEquals(rows, new HashSet<>(rows(splits)).size(), "no message is in two parts");
        assertEquals(List.of("ham", "spam"), splits.labels());
    }

    static Table smallSet() {
        return Datasets.smsSpam(TestData.checkout().resolve("datasets/sms-small.tsv"));
    }

    @Test
    void balancingTakesAsManyOfEachLabelAsTheRarestHas() {
        Splits splits = TextData.balanced(table(), "label").split(0.5, 0.5);
        List<String> rows = rows(splits);
        for (String label : List.of("a", "b", "c")) {
            assertEquals(10, rows.stream().filter(row -> row.startsWith(label)).count());
        }
        assertEquals(30, new HashSet<>(rows).size());
        assertTrue(new HashSet<>(rows(table())).containsAll(rows), "texts keep their labels");
        assertEquals(15, splits.train().rowCount());
        assertEquals(0, splits.test().rowCount());
    }

    @Test
    void allRowsAreUsedUnlessBalanced() {
        Splits splits = TextData.of(table()).split(0.7, 0.1);
        assertEquals(new HashSet<>(rows(table())), new HashSet<>(rows(splits)));
        assertNotEquals(rows(table()), rows(splits), "the rows are shuffled");
        assertEquals(
                "Texts: 60 of 60 rows, 30 a, 20 b, 10 c", TextData.of(table()).toString());
    }

    private static Map<String, Long> counts(Table part) {
        return part.stringColumn("label").asList().stream()
                .collect(Collectors.groupingBy(label -> label, Collectors.counting()));
    }

    @Test
    void eachPartHasEachLabelsShare() {
        Splits splits = TextData.of(table()).split(0.7, 0.1);
        assertEquals(Map.of("a", 21L, "b", 14L, "c", 7L), counts(splits.train()));
        assertEquals(Map.of("a", 3L, "b", 2L, "c", 1L), counts(splits.validation()));
        assertEquals(Map.of("a", 6L, "b", 4L, "c", 2L), counts(splits.test()));
        assertNotEquals(
                splits.train().stringColumn("label").asList().stream().sorted().toList(),
                splits.train().stringColumn("label").asList(),
                "the labels are mixed");
        Splits two = TextData.of(table()).split(0.8);
        assertEquals(0, two.validation().rowCount());
        assertEquals(Map.of("a", 6L, "b", 4L, "c", 2L), counts(two.test()));
    }

    /** 50 labels of 7 rows, of which 0.7, 0.1 and 0.2 are no whole numbers. */
    @Test
    void whatRoundingLeavesIsSpreadOverTheParts() {
        List<String> labels = IntStream.range(0, 350)
                .mapToObj(row -> String.format("%02d", row % 50))
                .toList();
        Splits splits = TextData.of(Columns.table("t", labels, labels)).split(0.7, 0.1);
        assertEquals(245, splits.train().rowCount(), 2);
        assertEquals(35, splits.validation().rowCount(), 2);
        assertEquals(70, splits.test().rowCount(), 2);
        counts(splits.train()).forEach((label, rows) -> assertTrue(rows == 4 || rows == 5, label + ": " + rows));
        counts(splits.test()).forEach((label, rows) -> assertTrue(rows == 1 || rows == 2, label + ": " + rows));
        assertEquals(50, counts(splits.train()).size());
    }

    @Test
    void rareLabelsAreLearnedAndALineNamesThem() {
        List<String> labels = new ArrayList<>(Collections.nCopies(20, "often"));
        labels.addAll(List.of("once", "twice", "twice"));
        TextData data = TextData.of(Columns.table("t", labels, labels));
        String said = said(() -> {
            Splits splits = data.split(0.5, 0.25);
            assertEquals(
                    Set.of("often", "once", "twice"), counts(splits.train()).keySet());
        });
        assertTrue(
                said.startsWith("Labels with too few rows for every part: once (1 row, none for validation and test)"),
                said);
        assertTrue(said.contains("twice (2 rows, none for "), said);
        assertEquals("", said(() -> TextData.of(table()).split(0.7, 0.1)));
    }

    @Test
    void eachRowIsInTheTestSplitOfOneFold() {
        List<Splits> folds = TextData.of(table()).folds(4);
        assertEquals(4, folds.size());
        List<String> tested = new ArrayList<>();
        for (Splits fold : folds) {
            assertEquals(15, fold.test().rowCount());
            assertEquals(45, fold.train().rowCount());
            assertEquals(0, fold.validation().rowCount());
            assertEquals(new HashSet<>(rows(table())), new HashSet<>(rows(fold)));
            counts(fold.test())
                    .forEach((label, rows) ->
                            assertTrue(Math.abs(rows - counts(table()).get(label) / 4.0) < 1, label + ": " + rows));
            tested.addAll(rows(fold.test()));
        }
        assertEquals(60, tested.size());
        assertEquals(new HashSet<>(rows(table())), new HashSet<>(tested));
        assertEquals(
                rows(folds.get(2).train()),
                rows(TextData.of(table()).folds(4).get(2).train()));
        assertNotEquals(
                rows(folds.get(0).test()),
                rows(TextData.of(table()).seed(5).folds(4).get(0).test()));
    }

    @Test
    void foldsOfBalancedRowsAreBalanced() {
        for (Splits fold : TextData.balanced(table(), "label").folds(5)) {
            assertEquals(Map.of("a", 2L, "b", 2L, "c", 2L), counts(fold.test()));
            assertEquals(Map.of("a", 8L, "b", 8L, "c", 8L), counts(fold.train()));
        }
    }

    @Test
    void labelsThatNotEveryFoldCanHaveAreNamed() {
        List<String> labels = new ArrayList<>(Collections.nCopies(20, "often"));
        labels.addAll(List.of("once", "twice", "twice"));
        TextData data = TextData.of(Columns.table("t", labels, labels));
        assertEquals(
                "Labels with fewer rows than folds: once (1 row), twice (2 rows).",
                said(() -> data.folds(3)).strip());
        assertTrue(assertThrows(BadArgumentException.class, () -> data.folds(1))
                .getMessage()
                .contains("2 to 23"));
        assertThrows(BadArgumentException.class, () -> data.folds(24));
    }

    private static String said(Runnable action) {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textAndLabelAreNamedInThisOrder() {
        List<String> messages =
                IntStream.range(0, 60).mapToObj(row -> "text " + row).toList();
        Table table = Table.create(
                "m",
                StringColumn.create("message", messages),
                StringColumn.create("category", table().stringColumn("label").asList()));
        assertEquals(
                rows(TextData.of(table()).split(0.7, 0.1)),
                rows(TextData.of(table, "message", "category").split(0.7, 0.1)));
        assertEquals(
                rows(TextData.balanced(table(), "label").split(0.7, 0.1)),
                rows(TextData.balanced(table, "message", "category").split(0.7, 0.1)));
        String unknown = assertThrows(UnknownNameException.class, () -> TextData.of(table, "massage", "category"))
                .getMessage();
        assertEquals("There is no column \"massage\". Did you mean \"message\"? There are: category, message", unknown);
        assertThrows(UnknownNameException.class, () -> TextData.of(table, "message", "label"));
        String swapped = assertThrows(BadArgumentException.class, () -> TextData.of(table, "category", "message"))
                .getMessage();
        assertEquals(
                "label column is \"message\"; expected a column with few different values; it has 60 in 60 rows."
                        + " The text column comes first: (table, \"message\", \"category\")",
                swapped);
    }

    @Test
    void itShowsTheRowsOfEachLabel() {
        String html = TextData.of(table()).html();
        assertTrue(html.contains("Texts: 60 of 60 rows") && html.contains("50.0 %"), html);
        List<String> many =
                IntStream.range(0, 4000).mapToObj(row -> "label" + row % 20).toList();
        TextData data = TextData.of(Columns.table("t", many, many));
        assertTrue(data.toString().startsWith("t: 4,000 of 4,000 rows, 200 label0, "), data.toString());
        assertTrue(data.toString().endsWith(", 8 more labels"), data.toString());
        assertTrue(data.html().contains("8 more labels"), data.html());
    }

    @Test
    void aSeedAlwaysGivesTheSameSplit() {
        for (Function<Table, TextData> way :
                List.<Function<Table, TextData>>of(TextData::of, table -> TextData.balanced(table, "label"))) {
            List<String> first = rows(way.apply(table()).split(0.7, 0.1));
            assertEquals(first, rows(way.apply(table()).split(0.7, 0.1)));
            assertEquals(first, rows(way.apply(table()).seed(123).split(0.7, 0.1)), "123 is the default");
            assertNotEquals(first, rows(way.apply(table()).seed(124).split(0.7, 0.1)));
        }
    }

    @Test
    void columnsMayHaveOtherNamesAndTypes() {
        Table table = Table.create(
                IntColumn.create("stars", 1, 5, 5, 1), StringColumn.create("review", "no", "yes", "yes!", "no!"));
        Splits splits = TextData.balanced(table, "stars").text("review").split(0.5, 0.25);
        assertEquals(List.of("1", "5"), splits.labels());
        assertEquals(List.of("label", "text"), splits.train().columnNames());
        assertEquals("Texts, train", splits.train().name());
        String message = assertThrows(UnknownNameException.class, () -> TextData.of(table, "stars")
                        .split(0.5, 0.25))
                .getMessage();
        assertTrue(message.contains("\"text\"") && message.contains("review"), message);
    }

    @Test
    void badArgumentsAreNamed() {
        Table table = table();
        String column = assertThrows(UnknownNameException.class, () -> TextData.balanced(table, "lable"))
                .getMessage();
        assertTrue(column.contains("Did you mean \"label\""), column);
        assertThrows(UnknownNameException.class, () -> TextData.of(table).text("txt"));
        TextData data = TextData.of(table);
        double[][] shares = {
            {0, 0.1}, {-0.1, 0.1}, {1.1, 0}, {0.7, 0.4}, {0.7, -0.1}, {Double.NaN, 0}, {0.5, Double.NaN}
        };
        for (double[] share : shares) {
            assertThrows(BadArgumentException.class, () -> data.split(share[0], share[1]));
        }
        assertTrue(assertThrows(BadArgumentException.class, () -> data.split(0.01, 0.1))
                .getMessage()
                .contains("60 rows"));
        assertThrows(BadArgumentException.class, () -> TextData.of(table.emptyCopy()));
        Table missing = Columns.table("m", List.of("a", "", "b"), List.of("x", "y", "z"));
        assertTrue(assertThrows(BadArgumentException.class, () -> TextData.balanced(missing, "label"))
                .getMessage()
                .contains("label of row 1"));
        Table single = Columns.table("s", List.of("a", "a"), List.of("x", "y"));
        assertTrue(assertThrows(BadArgumentException.class, () -> TextData.balanced(single, "label"))
                .getMessage()
                .contains("[a]"));
    }

    @Test
    void sharesThatAddUpToOneInDecimalsAreAccepted() {
        for (int tenths = 1; tenths <= 10; tenths++) {
            Splits splits = TextData.of(table()).split(tenths / 10.0, 1 - tenths / 10.0);
            assertEquals(60, rows(splits).size());
            assertTrue(splits.train().rowCount() >= 6 * tenths - 1);
        }
    }
}
