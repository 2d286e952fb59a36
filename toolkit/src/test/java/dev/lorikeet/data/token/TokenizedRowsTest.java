package dev.lorikeet.data.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.CausalBatches;
import dev.lorikeet.data.Documents;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Rows that were tokenised elsewhere, in the columns of transformers and TRL. */
class TokenizedRowsTest {

    private static final Tokenizer TOKENIZER = Tokenizers.gpt2();

    /** A column of lists, "[1, 2]; [3]". */
    private static StringColumn column(String name, String cells) {
        return StringColumn.create(name, Arrays.stream(cells.split(";")).map(String::strip));
    }

    private static Table table(String... namesAndCells) {
        Table table = Table.create("t");
        for (int i = 0; i < namesAndCells.length; i += 2) {
            table.addColumns(column(namesAndCells[i], namesAndCells[i + 1]));
        }
        return table;
    }

    private static Batch batch(Documents documents) {
        return documents.batches(TOKENIZER).epoch(0).get(0);
    }

    private static String learned(String... namesAndCells) {
        return Arrays.toString(batch(Documents.of(table(namesAndCells))).tokenLabels()[0]);
    }

    @Test
    void allTokensButTheFirstAreLearnedAndRowsStayAsLongAsTheyAre() {
        Documents documents = Documents.of(table("input_ids", "[5, 6, 7]; [8, 9]"));
        assertEquals(3, documents.length());
        Batch batch = batch(documents);
        assertArrayEquals(new int[][] {{5, 6, 7}, {8, 9, 50256}}, batch.ids());
        assertArrayEquals(new int[][] {{-100, 6, 7}, {-100, 9, -100}}, batch.tokenLabels());
        assertNull(batch.segmentIds());
        assertEquals(
                200,
                Documents.of(table("input_ids", "[1" + ", 1".repeat(199) + "]")).length());
    }

    @Test
    void labelsAndMasksSayWhatIsLearned() {
        assertEquals("[-100, -100, 7]", learned("input_ids", "[5, 6, 7]", "labels", "[-100, -100, 7]"));
        assertEquals("[-100, -100, 7]", learned("input_ids", "[5, 6, 7]", "completion_mask", "[0, 0, 1]"));
        assertEquals("[-100, 6, -100]", learned("input_ids", "[5, 6, 7]", "assistant_masks", "[1, 1, 0]"));
        assertEquals(
                "[-100, -100, 7, -100]",
                learned("input_ids", "[5, 6, 7, 8]", "labels", "[5, 6, 7, -100]", "assistant_masks", "[0, 0, 1, 1]"));
    }

    @Test
    void paddingIsTakenOff() {
        Batch batch = batch(Documents.of(table(
                "input_ids",
                "[5, 6, 0, 0]; [5, 6, 7, 0]",
                "labels",
                "[-100, 6, -100, -100]; [5, 6, 7, 0]",
                "attention_mask",
                "[1, 1, 0, 0]; [1, 1, 1, 0]")));
        assertArrayEquals(new int[] {2, 3}, batch.lengths());
        assertArrayEquals(new int[][] {{-100, 6, -100}, {-100, 6, 7}}, batch.tokenLabels());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"segment_ids | [3, 3, 4, 4, 4]", "seq_lengths | [2, 3]", "position_ids | [0, 1, 0, 1, 2]"})
    void textsOfARowStayApart(String name, String cell) {
        Documents documents = Documents.of(table("input_ids", "[5, 6, 7, 8, 9]", name, cell));
        Batch batch = batch(documents);
        assertArrayEquals(new int[] {0, 0, 1, 1, 1}, batch.segmentIds()[0]);
        assertArrayEquals(new int[] {-100, 6, -100, 8, 9}, batch.tokenLabels()[0]);
        assertEquals(2, batch.examples());
        Batch cut = batch(documents.length(2));
        assertArrayEquals(new int[] {5, 6}, cut.ids()[0]);
        assertEquals(1, cut.examples());
    }

    @Test
    void packedRowsArePackedFurther() {
        Table table = table("input_ids", "[1, 2, 3]; [4, 5, 6, 7]; [8, 9]", "seq_lengths", "[3]; [2, 2]; [2]");
        CausalBatches batches = Documents.of(table).length(9).packed().batches(TOKENIZER);
        Batch batch = batches.epoch(0).get(0);
        assertArrayEquals(new int[][] {{4, 5, 6, 7, 1, 2, 3, 8, 9}}, batch.ids());
        assertArrayEquals(new int[][] {{0, 0, 1, 1, 2, 2, 2, 3, 3}}, batch.segmentIds());
        assertEquals(4, batches.texts());
    }

    @Test
    void rowsOfTextsComeBackAsTheyWere() {
        Table texts = Table.create(
                "t",
                StringColumn.create("prompt", "Which bird?", "A much longer question, is it not?", ""),
                StringColumn.create("completion", "A kea.", "Yes.", ""));
        for (Documents documents : List.of(
                Documents.of(texts, "prompt", "completion"),
                Documents.of(texts, "prompt", "completion").completionOnly().length(8),
                Documents.of(texts, "prompt", "completion").length(32).packed())) {
            List<TokenRow> rows = documents.tokenize(TOKENIZER);
            Table table = Table.create(
                    "tokens",
                    StringColumn.create("input_ids", rows.stream().map(row -> Arrays.toString(row.ids()))),
                    StringColumn.create("labels", rows.stream().map(row -> Arrays.toString(row.labels()))),
                    StringColumn.create("segment_ids", rows.stream().map(row -> Arrays.toString(row.segmentIds()))));
            assertEquals(
                    documents.batches(TOKENIZER).digest(),
                    Documents.of(table).batches(TOKENIZER).digest());
        }
    }

    @Test
    void settingsFollowTheRows() {
        Documents documents = Documents.of(table("input_ids", "[1, 2]; [3, 4, 5]; [6]; []; [7, 8, 9, 10]"));
        CausalBatches batches = documents.batches(TOKENIZER);
        assertEquals(3, batches.texts());
        assertEquals(2, batches.leftOut());
        assertEquals(2, documents.first(2).batches(TOKENIZER).texts());
        assertEquals(1, documents.batch(1).take(1).batches(TOKENIZER).texts());
        assertEquals(1, documents.length(3).cache().batches(TOKENIZER).truncated());
        assertEquals(4, batch(documents.padded()).width());
        assertEquals(3, documents.shuffled(1).batches(TOKENIZER).texts());
        assertEquals(3, documents.groupByLength(1).batches(TOKENIZER).texts());
        assertEquals(
                3,
                documents
                        .split(0.6)
                        .train()
                        .preview()
                        .toString()
                        .lines()
                        .filter(line -> line.contains("input_ids  "))
                        .count());
    }

    @Test
    void aPreviewDecodesTokensAndMarksWhatIsLearned() {
        int[] ids = TOKENIZER.encode("Which bird? A kea.");
        String labels = "[-100, -100, -100" + ", " + ids[3] + ", " + ids[4] + ", " + ids[5] + ", " + ids[6] + "]";
        Documents documents = Documents.of(table("input_ids", Arrays.toString(ids), "labels", labels));
        String preview = documents.preview(TOKENIZER).toString();
        assertTrue(preview.contains("Which bird?« A kea.»"), preview);
        assertTrue(documents.html().contains("what the labels say"), documents.html());
        assertEquals("1 text of input_ids in t, rows of at most 7 tokens, 8 to a batch", documents.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2.5] | labels | [1, 2] | row 0 of input_ids is \"[1, 2.5]\"; expected a list of whole numbers, such as [1, 2, 3]",
                "7 | labels | [7] | row 0 of input_ids is \"7\"; expected a list of whole numbers, such as [1, 2, 3]",
                "[1, -2] | labels | [1, -2] | row 0 of input_ids is -2; expected ids of 0 or more",
                "[1, 2] | labels | [1] | row 0 of labels is \"1 long\"; expected 2 numbers, one for each token of input_ids",
                "[1, 2] | labels | [2, -100] | row 0 of labels is \"2 at place 0\"; expected 1, the id at this place of input_ids, or -100; labels are not shifted",
                "[1, 2] | completion_mask | [0, 2] | row 0 of completion_mask is 2; expected 0 or 1",
                "[1, 2] | attention_mask | [0, 1] | row 0 of attention_mask is \"0 at place 0 and 1 behind it\"; expected padding on the right alone",
                "[1, 2] | segment_ids | [1, 0] | row 0 of segment_ids is \"0 behind 1\"; expected ids that rise",
                "[1, 2] | seq_lengths | [1, 2] | row 0 of seq_lengths is \"[1, 2]\"; expected lengths of 1 or more, whose sum is the 2 of input_ids",
                "[1, 2] | position_ids | [0, 2] | row 0 of position_ids is \"2 behind 0\"; expected positions that count up by one, from 0 at each text",
            })
    void whatIsWrongIsRefusedByRowAndColumn(String ids, String name, String cell, String message) {
        Table table = table("input_ids", ids, name, cell);
        assertEquals(
                message,
                assertThrows(BadArgumentException.class, () -> Documents.of(table))
                        .getMessage());
    }

    @Test
    void aMissingListIsRefused() {
        Table table = Table.create("t", StringColumn.create("input_ids", "[1, 2]", null));
        assertEquals(
                "row 1 of input_ids is \"\"; expected a list of whole numbers, such as [1, 2, 3]",
                assertThrows(BadArgumentException.class, () -> Documents.of(table))
                        .getMessage());
    }

    @Test
    void idsOfAnotherTokenizerAreRefused() {
        Documents documents = Documents.of(table("input_ids", "[1, 2]; [50257]"));
        assertEquals(
                "row 1 of input_ids is 50257; expected ids of the 50,257 tokens of this model's tokenizer; another one made this row",
                assertThrows(BadArgumentException.class, () -> documents.batches(TOKENIZER))
                        .getMessage());
    }

    @Test
    void whatLabelsSayIsNotSaidAgain() {
        Documents plain = Documents.of(table("input_ids", "[1, 2]"));
        assertEquals(
                "input_ids is \"without labels\"; expected a column labels, completion_mask or assistant_masks beside it, which says"
                        + " what is learned",
                assertThrows(BadArgumentException.class, plain::completionOnly).getMessage());
        assertThrows(BadArgumentException.class, () -> plain.separator(" "));
        Documents labelled = Documents.of(table("input_ids", "[1, 2, 3]", "labels", "[-100, -100, 3]"));
        assertArrayEquals(
                batch(labelled).tokenLabels(), batch(labelled.completionOnly()).tokenLabels());
    }
}
