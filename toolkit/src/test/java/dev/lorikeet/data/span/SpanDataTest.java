package dev.lorikeet.data.span;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.text.span.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SpanDataTest {

    private static final String TEXT = "From Vienna to New York";

    private static Table table(String second, String... cells) {
        return Table.create(
                StringColumn.create("text", cells.length == 0 ? List.of() : List.of(cells[0])),
                StringColumn.create(second, cells.length == 0 ? List.of() : List.of(cells[1])));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"start\": 5, \"end\": 11, \"label\": \"place\"}, {\"start\": 15, \"end\": 23, \"label\": \"place\"}]",
                "[[15, 23, \"place\"], [5, 11, \"place\"]]",
                "[{\"entity_group\": \"place\", \"start\": 5, \"end\": 11}, {\"entity\": \"place\", \"start\": 15, \"end\": 23}]"
            })
    void cellsAreRead(String cell) {
        SpanData data = SpanData.of(table("spans", TEXT, cell), "text", "spans");
        assertEquals(
                List.of(new Span(5, 11, "place"), new Span(15, 23, "place")),
                data.texts().get(0).spans());
        assertEquals("place: Vienna, place: New York", data.texts().get(0).named());
        assertEquals(List.of("place"), data.kinds());
        assertEquals(Map.of("place", 2L), data.counts());
        assertTrue(data.html().contains("<mark") && data.html().contains("New York"), data.html());
    }

    @Test
    void anEmptyCellHasNoSpans() {
        assertEquals(
                List.of(),
                SpanData.of(table("spans", TEXT, ""), "text", "spans").kinds());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Vienna",
                "{\"a\": 1}",
                "[[1]]",
                "[[5, 5, \"place\"]]",
                "[[5, 24, \"place\"]]",
                "[{\"start\": 1}]",
                "[7]"
            })
    void otherCellsAreRefusedWithTheirRow(String cell) {
        String message = assertThrows(
                        BadArgumentException.class, () -> SpanData.of(table("spans", TEXT, cell), "text", "spans"))
                .getMessage();
        assertTrue(message.contains("\"spans\" of row 1"), message);
    }

    @Test
    void missingColumnsAndRowsAreRefused() {
        assertThrows(UnknownNameException.class, () -> SpanData.of(table("spans", TEXT, ""), "text", "span"));
        assertThrows(BadArgumentException.class, () -> SpanData.of(table("spans"), "text", "spans"));
    }

    @Test
    void wordsWithTagsBecomeATextWithSpans() {
        Table table = Table.create(
                StringColumn.create("tokens", List.of("[\"to\", \"New\", \"York\"]")),
                StringColumn.create("tags", List.of("[\"O\", \"B-place\", \"I-place\"]")));
        SpanData data = SpanData.words(table, "tokens", "tags");
        assertEquals("to New York (place: New York)", data.texts().get(0).toString());
        table.replaceColumn("tags", StringColumn.create("tags", List.of("[\"O\"]")));
        String message = assertThrows(BadArgumentException.class, () -> SpanData.words(table, "tokens", "tags"))
                .getMessage();
        assertTrue(message.contains("tags of row 1") && message.contains("3"), message);
    }

    @Test
    void conllFilesAreRead(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("train.conll");
        Files.writeString(
                file,
                "-DOCSTART- -X- O\n\nEU NNP B-ORG\nrejects VBZ O\n\n# id = 7\nNew\tNNP\tB-LOC\nYork\tNNP\tI-LOC\n#\tNN\tO\n");
        SpanData data = SpanData.conll(file.toString());
        assertEquals(2, data.size());
        assertEquals("New York # (LOC: New York)", data.texts().get(1).toString());
        assertEquals(List.of("LOC", "ORG"), data.kinds());
        Files.writeString(file, "EU NNP B-ORG\nrejects\n");
        String message =
                assertThrows(BadFileException.class, () -> SpanData.conll(file)).getMessage();
        assertTrue(message.contains("line 2 is \"rejects\""), message);
        assertThrows(BadFileException.class, () -> SpanData.conll(folder.resolve("none.conll")));
    }

    @Test
    void splitsKeepEveryText() {
        SpanData one = SpanData.of(table("spans", TEXT, "[[5, 11, \"place\"]]"), "text", "spans");
        SpanData many = SpanData.of(Collections.nCopies(10, one.texts().get(0)));
        var splits = many.split(0.6, 0.2);
        assertEquals(
                List.of(6, 2, 2),
                List.of(
                        splits.train().size(),
                        splits.validation().size(),
                        splits.test().size()));
        assertEquals(3, many.first(3).size());
        assertTrue(many.toString().contains("10 texts; spans: place 10"), many.toString());
    }
}
