package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** With GPT-2's tokenizer, in which each of these words is a token. */
class DocumentsTest {

    private static final int END = 50256;
    private static final Tokenizer TOKENIZER = Tokenizers.gpt2();

    private static Table table(String... documents) {
        return Table.create(
                "t",
                StringColumn.create("document", documents),
                StringColumn.create(
                        "title", Arrays.stream(documents).map(d -> "yes").toList()));
    }

    /** So many tokens with the end. */
    private static String words(int count) {
        return "a" + " b".repeat(count - 2);
    }

    private static int[] ids(String text) {
        return TOKENIZER.encode(text);
    }

    private static Batch only(Documents documents) {
        List<Batch> batches = documents.batches(TOKENIZER).epoch(0);
        assertEquals(1, batches.size());
        return batches.get(0);
    }

    @Test
    void aTextIsPredictedFromItsSecondTokenToItsEnd() {
        Batch batch = only(Documents.of(table("a b c", "d"), "document"));
        int[] first = ids("a b c");
        int[] second = ids("d");
        assertArrayEquals(new int[] {first[0], first[1], first[2], END}, batch.ids()[0]);
        assertArrayEquals(new int[] {second[0], END, END, END}, batch.ids()[1]);
        assertArrayEquals(new int[] {-100, first[1], first[2], END}, batch.tokenLabels()[0]);
        assertArrayEquals(new int[] {-100, END, -100, -100}, batch.tokenLabels()[1]);
        assertArrayEquals(new int[][] {{1, 1, 1, 1}, {1, 1, 0, 0}}, batch.attentionMask());
        assertEquals(4, batch.targetCount());
        assertEquals(6, batch.tokens());
        assertNull(batch.segmentIds());
    }

    @Test
    void longTextsAreCutAndThatIsCounted() {
        CausalBatches batches =
                Documents.of(table(words(200), words(5)), "document").length(8).batches(TOKENIZER);
        assertEquals(1, batches.truncated());
        assertEquals(8, batches.epoch(0).get(0).width());
        assertEquals(8 + 5, batches.tokens());
        assertTrue(batches.toString().contains("1 texts truncated"), batches.toString());
    }

    @Test
    void theOrderIsTheTablesUnlessItIsShuffled() {
        String[] texts = IntStream.range(2, 42).mapToObj(DocumentsTest::words).toArray(String[]::new);
        Documents documents = Documents.of(table(texts), "document").batch(4);
        List<Batch> plain = documents.batches(TOKENIZER).epoch(0);
        assertEquals(10, plain.size());
        for (int i = 0; i < 40; i++) {
            assertEquals(i + 2, plain.get(i / 4).lengths()[i % 4]);
        }
        CausalBatches shuffled = documents.shuffled(5).batches(TOKENIZER);
        assertNotEquals(lengths(plain), lengths(shuffled.epoch(0)));
        assertNotEquals(lengths(shuffled.epoch(0)), lengths(shuffled.epoch(1)));
        assertEquals(
                lengths(shuffled.epoch(1)),
                lengths(documents.shuffled(5).batches(TOKENIZER).epoch(1)));
        assertEquals(sorted(plain), sorted(shuffled.epoch(1)));
        assertTrue(shuffled.paddingShare()
                < documents.shuffled(5).padded().batches(TOKENIZER).paddingShare());
    }

    private static List<Integer> lengths(List<Batch> batches) {
        return batches.stream()
                .flatMap(batch -> Arrays.stream(batch.lengths()).boxed())
                .toList();
    }

    private static List<Integer> sorted(List<Batch> batches) {
        return lengths(batches).stream().sorted().toList();
    }

    @Test
    void paddedRowsAreAsLongAsAllowed() {
        Batch batch = only(Documents.of(table("a b"), "document").length(6).padded());
        assertEquals(6, batch.width());
        assertEquals(3, batch.tokens());
    }

    @Test
    void takenBatchesAreTheFirstAndMoreIsNotTokenised() {
        List<String> read = new ArrayList<>();
        Tokenizer watched = new WatchedTokenizer(TOKENIZER, read);
        String[] texts = IntStream.range(2, 102).mapToObj(DocumentsTest::words).toArray(String[]::new);
        Documents documents = Documents.of(table(texts), "document").batch(3).take(2);
        CausalBatches batches = documents.batches(watched);
        assertEquals(List.of(2, 3, 4, 5, 6, 7), lengths(batches.epoch(0)));
        assertEquals(6, read.size());
        assertEquals(
                List.of(2, 3, 4, 5, 6, 7),
                sorted(documents.shuffled(1).batches(watched).epoch(3)));
    }

    @Test
    void cachedTokensAreMadeOnceForEachTokenizer() {
        List<String> read = new ArrayList<>();
        Tokenizer watched = new WatchedTokenizer(TOKENIZER, read);
        Documents documents = Documents.of(table("a b", "c d"), "document");
        documents.batches(watched);
        documents.batches(watched);
        assertEquals(4, read.size());
        Documents cached = documents.cache();
        cached.batches(watched);
        cached.batches(watched);
        assertEquals(6, read.size());
        cached.batches(new WatchedTokenizer(TOKENIZER, read));
        assertEquals(8, read.size());
    }

    @Test
    void anIncompleteBatchStaysUnlessItIsDropped() {
        Documents documents = Documents.of(table("a", "b", "c"), "document").batch(2);
        assertEquals(2, documents.batches(TOKENIZER).perEpoch());
        assertEquals(1, documents.dropLast().batches(TOKENIZER).perEpoch());
    }

    @Test
    void ofACompletionThePromptIsNotLearned() {
        Documents pairs = Documents.of(table("a b"), "document", "title").separator(":");
        int[] prompt = ids("a b");
        int[] yes = ids("yes");
        Batch both = only(pairs);
        assertArrayEquals(new int[] {prompt[0], prompt[1], ids(":")[0], yes[0], END}, both.ids()[0]);
        assertEquals(4, both.targetCount());
        Batch completion = only(pairs.completionOnly());
        assertArrayEquals(both.ids(), completion.ids());
        assertArrayEquals(new int[] {-100, -100, -100, yes[0], END}, completion.tokenLabels()[0]);
    }

    @Test
    void aLongPromptIsCutSoThatTheCompletionStays() {
        Documents pairs =
                Documents.of(table(words(100)), "document", "title").length(10).completionOnly();
        Batch batch = only(pairs);
        int[] row = batch.ids()[0];
        assertEquals(10, row.length);
        assertEquals(ids("yes")[0], row[8]);
        assertEquals(END, row[9]);
        assertEquals(2, batch.targetCount());
        assertEquals(ids("a")[0], row[0], "its beginning is what is kept");
    }

    @Test
    void packedTextsStandSideBySideWithSegmentsOfTheirOwn() {
        Documents documents = Documents.of(table(words(5), words(9), words(3), words(2), words(7)), "document")
                .length(10)
                .packed();
        Batch batch = only(documents);
        assertEquals(3, batch.size(), "9; 7 and 3; 5 and 2");
        assertEquals(5, batch.examples());
        assertEquals(26, batch.tokens());
        assertArrayEquals(new int[] {9, 10, 7}, batch.lengths());
        assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 0, 1, 1, 1}, batch.segmentIds()[1]);
        assertArrayEquals(new int[] {0, 0, 0, 0, 0, 1, 1, 2, 2, 2}, batch.segmentIds()[2], "padding is a segment too");
        assertEquals(26 - 5, batch.targetCount(), "no text predicts the next one's beginning");
        assertEquals(-100, batch.tokenLabels()[1][7]);
        CausalBatches taken = documents.batch(1).take(2).batches(TOKENIZER);
        assertEquals(2, taken.perEpoch());
    }

    @Test
    void whatHasNothingToPredictIsLeftOutAndCounted() {
        CausalBatches batches = Documents.of(table("", "a b", ""), "document").batches(TOKENIZER);
        assertEquals(2, batches.leftOut());
        assertEquals(1, batches.texts());
        String message = assertThrows(BadArgumentException.class, () -> Documents.of(table("", ""), "document")
                        .batches(TOKENIZER))
                .getMessage();
        assertTrue(message.contains("2 texts of document in t"), message);
    }

    @Test
    void textsAreSplitAndKeepTheirSettings() {
        String[] texts = IntStream.range(2, 42).mapToObj(DocumentsTest::words).toArray(String[]::new);
        Documents documents = Documents.of(table(texts), "document", "title")
                .completionOnly()
                .length(60)
                .batch(4);
        DataSplits<Documents> splits = documents.split(0.8, 0.1);
        assertEquals(32, splits.train().batches(TOKENIZER).texts());
        assertEquals(4, splits.validation().batches(TOKENIZER).texts());
        assertEquals(4, splits.test().batches(TOKENIZER).texts());
        assertEquals(60, splits.test().length());
        assertEquals(
                2, splits.test().batches(TOKENIZER).epoch(0).get(0).targetCount() / 4, "only completions are learned");
        List<Integer> all = new ArrayList<>();
        List.of(splits.train(), splits.validation(), splits.test())
                .forEach(part -> all.addAll(lengths(part.batches(TOKENIZER).epoch(0))));
        assertEquals(
                sorted(documents.batches(TOKENIZER).epoch(0)),
                all.stream().sorted().toList());
        assertEquals(
                lengths(documents.batches(TOKENIZER).epoch(0)).subList(0, 3),
                lengths(documents.first(3).batches(TOKENIZER).epoch(0)));
        assertEquals(40, documents.first(99).batches(TOKENIZER).texts());
        Documents none = documents.split(0.8).validation();
        assertTrue(assertThrows(BadArgumentException.class, () -> none.batches(TOKENIZER))
                .getMessage()
                .contains("split(train, validation) gives it a share"));
        assertThrows(BadArgumentException.class, () -> documents.first(0));
        assertThrows(BadArgumentException.class, () -> documents.take(1).split(0.8));
        assertTrue(splits.toString().startsWith("train       32 texts of document and title in t"), splits.toString());
    }

    @Test
    void aNotebookShowsTheSettings() {
        String html = Documents.of(table("a b", "c d"), "document")
                .shuffled(7)
                .packed()
                .html();
        assertTrue(html.contains("2 rows of document") && html.contains("shuffled with seed 7"), html);
        assertTrue(html.contains("several texts to a row") && html.contains("all tokens"), html);
    }

    @Test
    void impossibleSettingsAreRefused() {
        Documents documents = Documents.of(table("a"), "document");
        assertThrows(UnknownNameException.class, () -> Documents.of(table("a"), "text"));
        assertThrows(UnknownNameException.class, () -> Documents.of(table("a"), "document", "summary"));
        assertThrows(BadArgumentException.class, documents::completionOnly);
        assertThrows(BadArgumentException.class, () -> documents.length(1));
        assertThrows(BadArgumentException.class, () -> documents.batch(0));
        assertThrows(BadArgumentException.class, () -> documents.take(0));
        assertThrows(
                BadArgumentException.class, () -> documents.batches(TOKENIZER).epoch(-1));
    }

    @Test
    void anInterruptStopsTokenising() {
        Documents documents = Documents.of(table("a b"), "document");
        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, () -> documents.batches(TOKENIZER));
        assertEquals(1, documents.batches(TOKENIZER).perEpoch());
    }
}
