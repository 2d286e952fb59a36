package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;

class TableFileTest {

    @TempDir
    Path folder;

    private Table read(String name, String content, String... columns) throws IOException {
        return Datasets.read(Files.writeString(folder.resolve(name), content), columns);
    }

    private static List<String> texts(Table table) {
        return table.stringColumn("text").asList();
    }

    @Test
    void csvKeepsItsColumnsAndItsTexts() throws IOException {
        Table table = read("a.csv", "\uFEFFid,text,kind\n1,\"a, \"\"b\"\"\nc\",x\r\n2,NA,\n");
        assertEquals(List.of("id", "text", "kind"), table.columnNames());
        assertEquals(List.of("a, \"b\"\nc", "NA"), texts(table));
        assertEquals("a.csv", table.name());
    }

    @Test
    void quotationMarksMeanNothingBetweenTabs() throws IOException {
        assertEquals(List.of("say \"yes", ""), texts(read("a.tsv", "text\tn\nsay \"yes\t1\n\t2\n")));
    }

    @Test
    void namesStandInForAMissingHeader() throws IOException {
        Table table = read("a.tsv", "ham\thello\nspam\twin\n", "label", "text");
        assertEquals(List.of("hello", "win"), texts(table));
        assertEquals(List.of("ham", "spam"), table.stringColumn("label").asList());
    }

    @Test
    void valuesOfJsonThatAreNoTextsStayJson() throws IOException {
        Table table = read(
                "a.jsonl",
                """
                {"text": "one", "messages": [{"role": "user", "content": "hi"}]}

                {"text": null, "n": 1.5}
                """);
        assertEquals(List.of("one", ""), texts(table));
        assertEquals(
                "[{\"role\":\"user\",\"content\":\"hi\"}]",
                table.stringColumn("messages").get(0));
        assertEquals(List.of("", "1.5"), table.stringColumn("n").asList());
        assertEquals(List.of("x"), texts(read("a.json", "[{\"text\": \"x\"}]")));
    }

    @Test
    void aTextIsReadByParagraphs() throws IOException {
        assertEquals(List.of("one\ntwo", "three"), texts(read("a.txt", "\n\none\ntwo\r\n \r\n\r\nthree\n")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.csv | text,n;x,1;y | row 1 has 1 fields; expected 2: text, n",
                "a.csv | text,text;x,1 | several columns of the same name: text, text",
                "a.csv | text | has no rows",
                "a.json | {} | is not a JSON list of objects",
                "a.jsonl | [] | line 1 is []; expected a JSON object",
                "a.xlsx | x | expected a .csv, .tsv, .jsonl, .json or .txt file",
            })
    void whatIsWrongIsNamed(String name, String content, String problem) {
        BadFileException e = assertThrows(BadFileException.class, () -> read(name, content.replace(';', '\n')));
        assertTrue(e.getMessage().contains(name) && e.getMessage().contains(problem), e.getMessage());
    }

    @Test
    void aMissingFileIsNamed() {
        BadFileException e = assertThrows(BadFileException.class, () -> Datasets.read(folder.resolve("none.csv")));
        assertTrue(e.getMessage().endsWith("none.csv: there is no such file"), e.getMessage());
    }
}
