package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.data.table.TableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.Table;

/** Rows in JSON, in the forms that people have. */
class JsonTableTest {

    @TempDir
    Path folder;

    private Table read(String name, String content) throws IOException {
        return new TableFile(Files.writeString(folder.resolve(name), content), List.of())
                .read()
                .table();
    }

    private String problem(String name, String content) {
        String message =
                assertThrows(BadFileException.class, () -> read(name, content)).getMessage();
        assertTrue(message.startsWith(folder.resolve(name) + ": "), message);
        return message.substring(folder.resolve(name).toString().length() + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'text': 'x', 'n': 1}, {'text': 'y', 'n': 2}]",
                "\n[\n{'text': 'x',\n 'n': 1},\n {'text': 'y', 'n': 2}]\n",
                "{'text': 'x', 'n': 1}\n{'text': 'y', 'n': 2}",
                "{'text': 'x', 'n': 1}\r\n\r\n{'text': 'y', 'n': 2}\r\n",
                "\uFEFF{'text': 'x', 'n': 1}\n{'text': 'y', 'n': 2}\n",
            })
    void linesAndListsAreReadWhateverTheName(String content) throws IOException {
        for (String name : List.of("a.json", "a.jsonl", "a.ndjson")) {
            Table table = read(name, content.replace('\'', '"'));
            assertEquals(List.of("text", "n"), table.columnNames());
            assertEquals(List.of("x", "y"), table.stringColumn("text").asList());
            assertEquals(List.of("1", "2"), table.stringColumn("n").asList());
        }
    }

    /** The forms of {@code DataFrame.to_json}, and a list among other things as data sets of questions have it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'text': {'0': 'x', '1': 'y'}, 'n': {'0': 1, '1': 2}}",
                "{'text': {'0': 'x', '1': 'y'}, 'n': {'1': 2, '0': 1}}",
                "{'0': {'text': 'x', 'n': 1}, '1': {'text': 'y', 'n': 2}}",
                "{'columns': ['text', 'n'], 'index': [0, 1], 'data': [['x', 1], ['y', 2]]}",
                "{'schema': {'fields': []}, 'data': [{'text': 'x', 'n': 1}, {'text': 'y', 'n': 2}]}",
                "{'version': '2.0', 'data': [{'text': 'x', 'n': 1}, {'text': 'y', 'n': 2}]}",
                "{'text': ['x', 'y'], 'n': [1, 2]}",
            })
    void objectsOfColumnsAndOfRowsAreRead(String content) throws IOException {
        Table table = read("a.json", content.replace('\'', '"'));
        assertEquals(List.of("text", "n"), table.columnNames());
        assertEquals(List.of("x", "y"), table.stringColumn("text").asList());
        assertEquals(List.of("1", "2"), table.stringColumn("n").asList());
    }

    @Test
    void valuesOfAllKindsBecomeText() throws IOException {
        Table table = read(
                "a.jsonl",
                """
                {"a": [1, {"b": null}], "A": 1.0, "": 12345678901234567890}
                {"a": "text", "A": NaN}
                {"a": 5, "A": true, "": {"x": []}}""");
        assertEquals(List.of("a", "A.1", "Unnamed: 2"), table.columnNames());
        assertEquals(
                List.of("[1,{\"b\":null}]", "text", "5"),
                table.column(0).asStringColumn().asList());
        assertEquals(
                List.of("1.0", "NaN", "true"), table.column(1).asStringColumn().asList());
        assertEquals(
                List.of("12345678901234567890", "", "{\"x\":[]}"),
                table.column(2).asStringColumn().asList());
        String nested = "[".repeat(200) + "]".repeat(200);
        assertEquals(nested, read("a.jsonl", "{\"a\": " + nested + "}").getString(0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '"',
            value = {
                "a.jsonl # {'a': 1}~{'a': 'x # line 2, column 9: Unterminated string; expected a JSON object in each line, but this is {'a': 'x",
                "a.jsonl # {'a': 1}~~nope # line 3 is nope; expected a JSON object",
                "a.jsonl # {'a': 1}{'a': 2} # line 1, column 10: more follows after the end",
                "a.jsonl # {~ 'a': 1~} # line 1, column 2: End of input; expected a JSON object in each line, but this is {",
                "a.jsonl # [1, 2]~[3, 4] # line 1 is [1, 2]; expected a JSON object",
                "a.jsonl # {} # has rows, but neither names",
                "a.json # {'a': 1}~{'a' 2} # line 2, column 7: Expected ':'",
                "a.json # [~{'a': 1},~{'a' 2}] # is damaged JSON: line 3, column 7: Expected ':'",
                "a.json # [{'a': 1}, 5] # is not a JSON list of objects, nor an object of lists of the same length: item 2 of the list is 5",
                "a.json # {'text': 'x', 'n': [1]} # is not a JSON list of objects, nor an object of lists of the same length: 'text' is 'x'",
                "a.json # {'train': [{'a': 1}], 'test': [{'a': 2}]} # has rows under several names (train, test); save each list in a file",
                "a.json # {'columns': ['a', 'b'], 'data': [[1, 2], [3]]} # is not a JSON list of objects, nor an object of lists of the same length: row 2",
                "a.json # [] # has no rows",
                "a.json # ~ # is empty",
            })
    void whatIsWrongIsSaidWithItsPlace(String name, String content, String expected) {
        String problem = problem(name, content.replace('~', '\n').replace('\'', '"'));
        assertTrue(problem.replace('"', '\'').startsWith(expected), problem);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 100_000})
    void deepNestingIsRefused(int depth) {
        String deep = "{\"a\": " + "[".repeat(depth) + "]".repeat(depth) + "}";
        assertTrue(problem("a.jsonl", deep).startsWith("line 1, column 26"), deep);
        assertTrue(problem("a.json", "[" + deep + "]").startsWith("is damaged JSON: line 1, column 26"), deep);
    }

    @Test
    void linesInUtf16AreReadWhateverTheirForm() throws IOException {
        for (String content : List.of("\uFEFF[{\"text\": \"é\"}]", "\uFEFF{\"text\": \"é\"}\n")) {
            Path file = Files.write(folder.resolve("a.jsonl"), content.getBytes(StandardCharsets.UTF_16LE));
            assertEquals("é", Datasets.read(file).getString(0, "text"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[null]", "[[]]", "[\"a\", {}]"})
    void postsOfOtherKindsAreRefused(String document) throws IOException {
        Path file = Files.writeString(
                folder.resolve("posts.jsonl"), "\n{\"document\": " + document + ", \"title\": \"t\"}\n");
        String message = assertThrows(BadFileException.class, () -> Datasets.redditTifu(file))
                .getMessage();
        assertTrue(
                message.contains("\"document\" of line 2 is or holds ")
                        && message.endsWith("; expected a text or a list of texts"),
                message);
    }
}
