package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.data.catalogue.Guanaco;
import dev.lorikeet.text.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
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
    void aTextIsReadByLines() throws IOException {
        assertEquals(List.of("one", "  two", "three"), texts(read("a.txt", "\n\none\n  two\r\n \r\n\r\nthree\n")));
    }

    @Test
    void jsonMayHoldColumnsOrRowsUnderAName() throws IOException {
        Table columns = read("a.json", "{\"text\": [\"x\", \"y\"], \"n\": [1, null]}");
        assertEquals(List.of("x", "y"), texts(columns));
        assertEquals(List.of("1", ""), columns.stringColumn("n").asList());
        assertEquals(
                List.of("x", "y"),
                texts(read("b.json", "{\"text\": {\"0\": \"x\", \"1\": \"y\"}, \"n\": {\"0\": 1, \"1\": 2}}")));
        assertEquals(List.of("x"), texts(read("c.json", "{\"data\": [{\"text\": \"x\"}]}")));
        assertEquals(List.of("x"), texts(read("d.json", "{\"text\": [\"x\"]}")));
    }

    @Test
    void compressedFilesAreRead() throws IOException {
        for (String[] file : new String[][] {
            {"a.csv.gz", "text,n\nx,1\n"},
            {"a.tsv.gz", "text\tn\nx\t1\n"},
            {"a.jsonl.gz", "{\"text\": \"x\"}\n"},
            {"a.json.gz", "[{\"text\": \"x\"}]"},
            {"a.txt.gz", "x\n"}
        }) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(file[0])))) {
                out.write(file[1].getBytes(StandardCharsets.UTF_8));
            }
            assertEquals(
                    List.of("x"), texts(Datasets.read(folder.resolve(file[0]).toString())), file[0]);
        }
        assertThrows(BadFileException.class, () -> read("b.csv.gz", "text\nx\n"));
    }

    @Test
    void parquetIsReadWithListsObjectsAndNamesOfClasses() throws IOException {
        Path file = ParquetFiles.chats(
                folder.resolve("a.parquet"),
                List.of(
                        List.<String[]>of(new String[] {"user", "Hi \"you\""}, new String[] {"assistant", "Hello."}),
                        List.<String[]>of(new String[] {"user", "Bye"})),
                List.of(1, -1));
        Table table = Datasets.read(file.toString());
        assertEquals(List.of("bad", ""), table.stringColumn("label").asList());
        assertEquals("2024-01-01", table.getString(0, "day"));
        assertEquals("2024-01-01T00:00:00.500Z", table.getString(0, "moment"));
        assertEquals("12.50", table.getString(0, "price"));
        assertEquals("0.5", table.getString(0, "score"));
        assertEquals("true", table.getString(0, "good"));
        assertEquals("(2 bytes)", table.getString(0, "image"));
        assertEquals("[\"a\",\"b\"]", table.getString(0, "tags"));
        assertEquals("{\"x\":3}", table.getString(0, "counts"));
        assertEquals("", table.getString(1, "score"));
        Conversations conversations = Conversations.of(table, "messages");
        assertEquals(List.of(Message.user("Hi \"you\""), Message.assistant("Hello.")), conversations.get(0));
        assertEquals(List.of(Message.user("Bye")), conversations.get(1));
    }

    @Test
    void publishedParquetIsReadAsItsJsonLinesAre() {
        Table parquet = Datasets.read(TestData.data("guanaco-llama2-1k.parquet"));
        assertEquals(texts(Guanaco.read(TestData.data("guanaco-llama2-1k.jsonl"))), texts(parquet));
    }

    @Test
    void emptyLinesAtTheEndAreNoRows() throws IOException {
        assertEquals(List.of("x"), texts(read("a.csv", "text,n\nx,1\n\n\n")));
        assertEquals(List.of("x"), texts(read("a.tsv", "text\tn\nx\t1\n\n")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.csv | text | has no rows",
                "a.json | {} | is not a JSON list of objects",
                "a.json | {\"a\": [1], \"b\": []} | \"b\" has 0 values and those before it 1",
                "a.json | 3 | is not a JSON list of objects",
                "a.parquet | x | is not a Parquet file",
                "a.xlsx | x | expected .csv, .tsv, .jsonl, .json, .parquet or .txt, which may be compressed (.csv.gz)",
                "letters | x | has a format that is not supported",
            })
    void whatIsWrongIsNamed(String name, String content, String problem) {
        BadFileException e = assertThrows(BadFileException.class, () -> read(name, content.replace(';', '\n')));
        assertTrue(e.getMessage().contains(name) && e.getMessage().contains(problem), e.getMessage());
    }

    @Test
    void namesOfColumnsAreForFilesWithoutAHeader() {
        String message = assertThrows(BadArgumentException.class, () -> read("a.jsonl", "{\"text\": \"x\"}", "words"))
                .getMessage();
        assertTrue(message.contains("a .jsonl file has its own"), message);
    }

    private String problem(String name) {
        String file = folder.resolve(name).toString();
        String message =
                assertThrows(BadFileException.class, () -> Datasets.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        return message.substring(file.length() + 2);
    }

    @Test
    void ofAMissingFileTheFolderAndTheNearestNameAreSaid() throws IOException {
        assertEquals("there is no such file in " + folder, problem("none.csv"));
        read("letters.csv", "text,n\nx,1\n");
        assertEquals("there is no such file in " + folder + ". Did you mean \"letters.csv\"?", problem("leters.csv"));
        assertEquals(
                "there is no such file; there is no folder " + folder.resolve("data"), problem("data/letters.csv"));
    }

    @Test
    void aFolderOfPartsIsOneTable() throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        Files.writeString(parts.resolve("part-00001.csv"), "text,n\nb,2\n");
        Files.writeString(parts.resolve("part-00000.csv"), "text,n\na,1\n");
        Files.writeString(parts.resolve("part-00002.csv"), "text,n\n");
        Files.createFile(parts.resolve("part-00003.csv"));
        Files.createFile(parts.resolve("_SUCCESS"));
        Files.createFile(parts.resolve(".part-00000.csv.crc"));
        Table table = Datasets.read(parts.toString());
        assertEquals("parts", table.name());
        assertEquals(List.of("a", "b"), table.stringColumn("text").asList());
        assertEquals(List.of("1", "2"), table.stringColumn("n").asList());
        Files.writeString(parts.resolve("part-00004.csv"), "text\nc\n");
        String message =
                assertThrows(BadFileException.class, () -> Datasets.read(parts)).getMessage();
        assertTrue(
                message.endsWith(
                        "part-00004.csv: has no column n, which other files of the folder have; expected the same"
                                + " columns in all"),
                message);
    }

    @Test
    void partsOfJsonLeaveOutWhatIsMissing() throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        Files.writeString(parts.resolve("part-0.json"), "{\"a\":\"x\"}\n{\"a\":\"y\"}\n");
        Files.writeString(parts.resolve("part-1.json"), "{\"b\":[1,2],\"a\":\"z\"}\n{\"b\":[],\"a\":\"w\"}\n");
        Table table = Datasets.read(parts);
        assertEquals(List.of("x", "y", "z", "w"), table.stringColumn("a").asList());
        assertEquals(List.of("", "", "[1,2]", "[]"), table.stringColumn("b").asList());
    }

    @Test
    void aFolderOfAnythingElseIsRefused() throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        assertTrue(problem("parts").startsWith("is a folder of no files; expected files of one format: .csv"));
        Files.writeString(parts.resolve("a.csv"), "text\nx\n");
        Files.createDirectory(parts.resolve("more"));
        assertTrue(problem("parts").startsWith("is a folder of .csv files and folders; expected files of one format"));
        Files.writeString(parts.resolve("b.md"), "x");
        assertTrue(problem("parts").startsWith("is a folder of .csv files and .md files and folders; "));
    }

    @Test
    void anAddressIsNoFile() {
        String message = assertThrows(BadArgumentException.class, () -> Datasets.read("https://example.org/a.csv"))
                .getMessage();
        assertTrue(message.contains("a file on this machine") && message.contains("Datasets.load"), message);
    }
}
