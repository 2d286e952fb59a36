package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.table.ReadTable;
import dev.lorikeet.data.table.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

/** Tables as people have them. The expected values are those of pandas 3.1, unless a comment says otherwise. */
class CsvFilesTest {

    @TempDir
    Path folder;

    private ReadTable read(String name, String content, String... columns) throws IOException {
        return new TableFile(Files.writeString(folder.resolve(name), content), List.of(columns)).read();
    }

    private List<List<String>> rows(String name, String content, String... columns) throws IOException {
        Table table = read(name, content, columns).table();
        return IntStream.range(0, table.rowCount())
                .mapToObj(row -> IntStream.range(0, table.columnCount())
                        .mapToObj(column -> table.getString(row, column))
                        .toList())
                .toList();
    }

    private String problem(String name, String content, String... columns) {
        String message = assertThrows(BadFileException.class, () -> read(name, content, columns))
                .getMessage();
        assertTrue(message.startsWith(folder.resolve(name) + ": "), message);
        return message.substring(folder.resolve(name).toString().length() + 2);
    }

    private String columns(String header) throws IOException {
        return String.join("|", read("a.csv", header + "\n1,2,3\n").table().columnNames());
    }

    @Test
    void columnsWithoutNameAndContentAreLeftOut() throws IOException {
        ReadTable read = read("spam.csv", "v1,v2,,,\r\nham,\"Tea, please\",,,\r\nspam,Win,now,,\r\nham,Ok\r\n");
        assertEquals(
                "3 rows, columns v1, v2, Unnamed: 2 (left out 2 columns without name or content)", read.toString());
        assertEquals(
                List.of("Tea, please", "Win", "Ok"),
                read.table().stringColumn("v2").asList());
        assertEquals(
                List.of("", "now", ""), read.table().stringColumn("Unnamed: 2").asList());
        assertEquals("spam.csv", read.table().name());
    }

    /** Tablesaw does not tell names apart by case; pandas does. */
    @Test
    void namesThatAreTakenGetNumbers() throws IOException {
        assertEquals("a|a.1|b", columns("a,a,b"));
        assertEquals("a|a.2|a.1", columns("a,a,a.1"));
        assertEquals("Text|text.1|TEXT.2", columns("Text,text, TEXT "));
        assertEquals("Unnamed: 0|text|label", columns(",text,label"));
        assertEquals("Unnamed: 1|Unnamed: 1.1|x", columns("Unnamed: 1,,x"));
        assertEquals("\u017f|s.1|S.2", columns("\u017f,s,S"));
        assertEquals("a\u0130|ai\u0307.1|b", columns("a\u0130,ai\u0307,b"));
        assertEquals("text|n|m", columns("\u00a0text\u00a0,\ufeffn,m\u2003"));
        assertEquals(
                "1 row, columns text, text.1 (renamed text to text.1, since the name was taken)",
                read("a.csv", "text,text \nx,y\n").toString());
    }

    @Test
    void blankLinesAreNoRows() throws IOException {
        assertEquals(List.of(List.of("1", "2"), List.of("3", "4")), rows("a.csv", "\n\na,b\n\n1,2\n   \n3,4\n\n"));
        assertEquals(List.of(List.of("x"), List.of(""), List.of("y")), rows("a.csv", "text\nx\n\n\"\"\ny\n"));
        assertEquals(List.of(List.of("", ""), List.of("1", "2")), rows("a.csv", "a,b\n,\n1,2\n"));
        assertEquals(List.of(List.of("1", "2")), rows("a.tsv", "a\tb\n\n1\t2\n\n"));
    }

    /** pandas reads these with {@code sep} alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text;score\nHallo, Welt;0,5\n",
                "text\tscore\nHallo, Welt\t0,5\n",
                "text|score\nHallo, Welt|0,5\n",
                "sep=;\r\ntext;score\r\nHallo, Welt;0,5\r\n",
                "\"text\";\"score\"\n\"Hallo, Welt\";\"0,5\"",
                "\n\ntext;score\rHallo, Welt;0,5\r",
            })
    void otherSeparatorsAreFound(String content) throws IOException {
        assertEquals(List.of(List.of("Hallo, Welt", "0,5")), rows("a.csv", content));
        assertEquals(List.of("text", "score"), read("a.csv", content).table().columnNames());
    }

    @Test
    void theHeaderTellsTheSeparatorAndTheNextRowWhenItIsUnclear() throws IOException {
        assertEquals(List.of(List.of("a;b")), rows("a.csv", "text\na;b\n"));
        assertEquals(List.of(List.of("A", "1")), rows("a.csv", "text;score, in points\nA;1\n"));
        assertEquals(List.of(List.of("A;1", "2")), rows("a.csv", "text,score;points\nA;1,2\n"));
        assertEquals(
                List.of(List.of("ham", "x, y"), List.of("spam", "z")),
                rows("a.csv", "ham;x, y\nspam;z\n", "label", "text"));
        assertEquals(List.of(List.of("c,d")), rows("a.csv", "\"a,b\"\n\"c,d\"\n"));
    }

    @Test
    void anyLineEndEndsARow() throws IOException {
        List<List<String>> rows = List.of(List.of("1", "2"), List.of("3", "4"));
        for (String end : new String[] {"\n", "\r\n", "\r"}) {
            assertEquals(rows, rows("a.csv", "a,b\n1,2\n3,4".replace("\n", end)));
            assertEquals(rows, rows("a.csv", "a,b\n1,2\n3,4\n".replace("\n", end)));
        }
        assertEquals(
                List.of(List.of("x\r\ny", "1"), List.of("z\rw\n", "2")),
                rows("a.csv", "a,b\n\"x\r\ny\",\"1\"\r\n\"z\rw\n\",2\r\n"));
    }

    @Test
    void emptyCellsBeyondTheHeaderAreDropped() throws IOException {
        assertEquals(List.of(List.of("x", "1"), List.of("y", "2")), rows("a.csv", "text,n\nx,1,\ny,2,,,\n"));
    }

    @Test
    void quotationMarksWithinAnUnquotedTextAreOrdinary() throws IOException {
        assertEquals(
                List.of(List.of("I paid 5\" for it", "ham"), List.of("ok", "spam")),
                rows("a.csv", "text,label\nI paid 5\" for it,ham\nok,spam\n"));
        assertEquals(List.of(List.of("x", "1")), rows("a.csv", "a,b\n\"x\"  ,1\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a,b~1,2~3 # line 3 has 1 field; expected 2: a, b. Columns are separated by a comma here",
                "a,b~'x~y',1~3,4,5 # line 4 has 3 fields; expected 2: a, b",
                "a;b;c~1;2;3~4;5 # line 3 has 2 fields; expected 3: a, b, c. Columns are separated by a semicolon here",
                "text~Hello, you # line 2 has 2 fields; expected 1: text",
                "a,b~'x~y',1~'never closed,2~z,3 # line 4: the quotation mark before \"never closed,2\" is never closed",
                "a,b~'x~z'y,1 # line 3: \"y,1\" follows the quotation mark that closes the text opened in line 2; expected a comma",
                "a,b~'He said \\'hi\\'',1 # line 2: \"hi\\\"\",1\" follows the quotation mark",
                "'' # is empty",
                "~~ # is empty",
                "a,b~ # has no rows",
                ",,~,, # has rows, but neither names of columns nor anything in them",
            })
    void whatIsWrongIsSaidWithItsLine(String content, String expected) {
        String text = content.equals("''") ? "" : content.replace('~', '\n').replace('\'', '"');
        String problem = problem("a.csv", text);
        assertTrue(problem.startsWith(expected), problem);
    }

    @Test
    void aTsvFileHasTabsAndNoQuotes() {
        assertEquals(
                "line 2 has 3 fields; expected 2: a, b. No text in a .tsv file holds a tab or a line break;"
                        + " quotation marks count if the file is named .csv",
                problem("a.tsv", "a\tb\n\"1\t2\"\t3\n"));
        assertTrue(problem("a.tsv", "a,b\n1,2\n").startsWith("its header is the single column \"a,b\"; expected tabs"));
    }

    @Test
    void readingStops() {
        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, () -> read("a.csv", "a,b\n1,2\n"));
    }
}
