package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

class SplitsTest {

    private static final List<String> HARD = List.of(
            "plain",
            "",
            " spaces around ",
            "\"quoted\"",
            "say \"\"",
            "\"",
            "a,b",
            "two\nlines",
            "two\r\nlines",
            "NA",
            "null",
            "-",
            "back\\slash\\",
            "\ttab",
            "£ é 🦜",
            "#not a comment",
            "x".repeat(10_000));

    @TempDir
    Path folder;

    private static Splits hard() {
        List<String> labels = HARD.stream()
                .map(text -> text.length() % 2 == 0 ? "even, yes" : "odd")
                .toList();
        Table table = Columns.table("Hard", labels, HARD);
        return new Splits(table, table.first(1), table.emptyCopy());
    }

    @Test
    void whatIsSavedIsLoadedAgainWhateverTheTexts() {
        Splits splits = hard();
        assertSame(splits, splits.save(folder.resolve("new/deep")));
        Splits loaded = Splits.load(folder.resolve("new/deep"));
        assertEquals(HARD, loaded.train().stringColumn("text").asList());
        assertEquals(
                splits.train().stringColumn("label").asList(),
                loaded.train().stringColumn("label").asList());
        assertEquals(1, loaded.validation().rowCount());
        assertEquals(0, loaded.test().rowCount());
    }

    @Test
    void filesAreWrittenWithoutLeavingsAndReplaceOldOnes() throws IOException {
        hard().save(folder);
        hard().save(folder);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("test.csv", "train.csv", "validation.csv"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertEquals("label,text\n", Files.readString(folder.resolve("test.csv")));
        assertEquals("label,text\nodd,plain\n", Files.readString(folder.resolve("validation.csv")));
    }

    @Test
    void tablesawReadsTheFilesToo() throws IOException {
        Path sms = TestData.data("SMSSpamCollection.tsv");
        Splits splits = TextData.balanced(Datasets.smsSpam(sms), "label")
                .split(0.7, 0.1)
                .save(folder);
        for (Table part : List.of(splits.train(), splits.validation(), splits.test())) {
            String name = part.name().substring(part.name().lastIndexOf(' ') + 1);
            Table read = Table.read()
                    .csv(CsvReadOptions.builder(folder.resolve(name + ".csv").toFile())
                            .columnTypes(column -> ColumnType.STRING));
            assertEquals(
                    part.stringColumn("text").asList(),
                    read.stringColumn("text").asList());
            assertEquals(
                    part.stringColumn("label").asList(),
                    read.stringColumn("label").asList());
        }
    }

    @Test
    void otherWritersFilesAreRead() throws IOException {
        hard().save(folder);
        Files.writeString(folder.resolve("test.csv"), "id,text,label\r\n1,\"a \"\"b\"\"\",ham\r\n2,,spam");
        Table test = Splits.load(folder).test();
        assertEquals(List.of("ham", "spam"), test.stringColumn("label").asList());
        assertEquals(List.of("a \"b\"", ""), test.stringColumn("text").asList());
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        hard().save(folder);
        assertThrows(BadFileException.class, () -> Splits.load(folder.resolve("nowhere")));
        for (String damage : List.of("", "label,text\nham,\"open", "label,text\nham\n", "label,text\nham,\"a\"b\n")) {
            Files.writeString(folder.resolve("test.csv"), damage);
            assertTrue(
                    assertThrows(BadFileException.class, () -> Splits.load(folder))
                            .getMessage()
                            .contains("test.csv"),
                    damage);
        }
        Files.writeString(folder.resolve("test.csv"), "Label,text\nham,a\n");
        assertThrows(UnknownNameException.class, () -> Splits.load(folder));
    }

    @Test
    void itShowsHowManyRowsOfEachLabelThereAre() {
        List<String> lines = hard().toString().lines().toList();
        assertEquals("               rows even, yes      odd", lines.get(0));
        assertEquals("validation        1         0        1", lines.get(2));
        assertEquals("test              0         0        0", lines.get(3));
    }

    @Test
    void manyLabelsAreLinesOfTheirOwn() {
        List<String> labels =
                IntStream.range(0, 2400).mapToObj(row -> "label" + row % 40).toList();
        Table table = Columns.table("t", labels, labels);
        List<String> lines = new Splits(table, table.first(40), table.emptyCopy())
                .toString()
                .lines()
                .toList();
        assertEquals("              train validation     test", lines.get(0));
        assertEquals("rows          2,400         40        0", lines.get(1));
        assertEquals("label0           60          1        0", lines.get(2));
        assertEquals("… 10 more labels", lines.get(lines.size() - 1));
        assertEquals(33, lines.size());
    }

    @Test
    void aNotebookShowsATable() {
        String html = hard().html();
        assertTrue(html.contains("even, yes") && html.contains("validation"), html);
    }

    @Test
    void tablesNeedBothColumns() {
        Table table = Table.create(StringColumn.create("label", "a"));
        assertThrows(UnknownNameException.class, () -> new Splits(table, table, table));
    }
}
