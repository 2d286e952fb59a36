package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.TestData;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class BatchesTest {

    private static final Tokenizer TOKENIZER = Tokenizers.gpt2();
    private static final List<String> LABELS = List.of("ham", "spam");
    private static final int PAD = 50256;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    /** Example i has the ids i + 1, repeated 1 to 40 times. */
    private static List<Example> examples(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int[] ids = new int[1 + random.nextInt(40)];
                    Arrays.fill(ids, i + 1);
                    return new Example(ids, i % 3);
                })
                .toList();
    }

    /** Which examples are in the batches, after a check that each row is its example, padded. */
    private static int[] contents(List<Batch> batches, List<Example> examples) {
        for (Batch batch : batches) {
            for (int row = 0; row < batch.size(); row++) {
                Example example = examples.get(batch.ids()[row][0] - 1);
                int length = Math.min(example.length(), batch.width());
                assertEquals(length, batch.lengths()[row]);
                assertEquals(example.label(), batch.labels()[row]);
                int[] expected = Arrays.copyOf(example.ids(), batch.width());
                Arrays.fill(expected, length, batch.width(), batch.padId());
                assertArrayEquals(expected, batch.ids()[row]);
            }
        }
        return batches.stream()
                .flatMapToInt(batch -> Arrays.stream(batch.ids()).mapToInt(row -> row[0] - 1))
                .toArray();
    }

    private static int[] sorted(int[] values) {
        return Arrays.stream(values).sorted().toArray();
    }

    private static int widths(List<Batch> batches) {
        return batches.stream().mapToInt(batch -> batch.width() * batch.size()).sum();
    }

    @Test
    void everyExampleIsInAnEpochOnce() {
        List<Example> examples = examples(301);
        Batches plain = Batches.of(examples).padId(999);
        for (Batches batches : List.of(
                plain, plain.shuffled(5), plain.padTo(20), plain.padTo(20).shuffled(5))) {
            List<Batch> epoch = batches.epoch(2);
            assertEquals(38, batches.perEpoch());
            assertEquals(38, epoch.size());
            assertArrayEquals(IntStream.range(0, 301).toArray(), sorted(contents(epoch, examples)));
        }
    }

    @Test
    void theLastBatchIsDroppedOnRequestAndAlwaysAtRandom() {
        List<Example> examples = examples(301);
        Batches batches = Batches.of(examples).dropLast().shuffled(5);
        assertEquals(37, batches.perEpoch());
        assertEquals(37, batches.epoch(0).size());
        assertTrue(batches.epoch(0).stream().allMatch(batch -> batch.size() == 8));
        int[] first = sorted(contents(batches.epoch(0), examples));
        assertEquals(296, Arrays.stream(first).distinct().count());
        assertTrue(!Arrays.equals(first, sorted(contents(batches.epoch(1), examples))), "others are left out");
    }

    @Test
    void anEpochIsTheSameWheneverItIsAskedFor() {
        List<Example> examples = examples(100);
        Batches batches = Batches.of(examples).shuffled(5);
        int[] first = contents(batches.epoch(0), examples);
        int[] second = contents(batches.epoch(1), examples);
        assertArrayEquals(first, contents(Batches.of(examples).shuffled(5).epoch(0), examples));
        assertArrayEquals(second, contents(Batches.of(examples).shuffled(5).epoch(1), examples));
        assertTrue(!Arrays.equals(first, second));
        assertTrue(
                !Arrays.equals(first, contents(Batches.of(examples).shuffled(6).epoch(0), examples)));
        assertTrue(
                !Arrays.equals(second, contents(Batches.of(examples).shuffled(6).epoch(0), examples)));
    }

    @Test
    void bucketsSavePaddingAndStillMix() {
        List<Example> examples = examples(1000);
        List<Batch> bucketed = Batches.of(examples).shuffled(5).epoch(0);
        List<Batch> sorted = Batches.of(examples).epoch(0);
        int real = examples.stream().mapToInt(Example::length).sum();
        int width = Batches.of(examples).padTo(40).epoch(0).size() * 8 * 40;
        assertEquals(40 * 1000, width);
        assertTrue(widths(sorted) < 1.02 * real, "sorted: " + widths(sorted) + " for " + real);
        assertTrue(widths(bucketed) < 1.15 * real, "bucketed: " + widths(bucketed) + " for " + real);
        int[] widths = bucketed.stream().mapToInt(Batch::width).toArray();
        assertTrue(!Arrays.equals(sorted(widths), widths), "long batches are not all at the end");
        assertEquals(
                1 - (double) real / widths(bucketed),
                Batches.of(examples).shuffled(5).paddingShare(),
                1e-12);
    }

    @Test
    void withoutAShuffleExamplesGoByLengthAndKeepTheirOrderWithinOne() {
        List<Example> examples = examples(200);
        int[] order = contents(Batches.of(examples).epoch(0), examples);
        for (int i = 1; i < order.length; i++) {
            int before = examples.get(order[i - 1]).length();
            int here = examples.get(order[i]).length();
            assertTrue(before < here || before == here && order[i - 1] < order[i]);
        }
        assertArrayEquals(order, contents(Batches.of(examples).epoch(9), examples));
    }

    @Test
    void aFixedWidthKeepsTheOrderAndCuts() {
        List<Example> examples = examples(20);
        Batches batches = Batches.of(examples).size(6).padId(7).padTo(10);
        assertArrayEquals(IntStream.range(0, 20).toArray(), contents(batches.epoch(0), examples));
        assertTrue(batches.epoch(0).stream().allMatch(batch -> batch.width() == 10));
        assertEquals(examples.stream().filter(example -> example.length() > 10).count(), batches.truncated());
        assertTrue(batches.truncated() > 0);
        assertEquals(0, batches.longest().truncated());
        assertEquals(2, batches.epoch(0).get(3).size());
    }

    @Test
    void batchesDescribeThemselves() {
        Batches batches = Batches.of(List.of(new Example(new int[] {1}, 0), new Example(new int[] {1, 2, 3}, 1)));
        assertEquals("1 batches of 8, padded to the longest of the batch, 33.33 % padding", batches.toString());
        assertEquals(
                "batch of 2 × 3, 4 tokens, 2 to learn", batches.epoch(0).get(0).toString());
        assertEquals(0, batches.dropLast().perEpoch());
        assertEquals(0, batches.dropLast().paddingShare());
        assertEquals(List.of(), batches.dropLast().epoch(0));
    }

    @Test
    void badSettingsAreNamed() {
        assertThrows(BadArgumentException.class, () -> Batches.of(List.of()));
        Batches batches = Batches.of(examples(3));
        assertThrows(BadArgumentException.class, () -> batches.size(0));
        assertThrows(BadArgumentException.class, () -> batches.padTo(0));
        assertThrows(BadArgumentException.class, () -> batches.padId(-1));
        assertThrows(BadArgumentException.class, () -> batches.epoch(-1));
    }

    @Test
    void theRealMessagesMakeTheWalkthroughsBatches() {
        Table sms = Datasets.smsSpam(TestData.data("SMSSpamCollection.tsv"));
        Splits splits = TextData.balanced(sms, "label").split(0.7, 0.1);
        Batches train = Batches.of(Examples.encode(splits.train(), TOKENIZER, LABELS, 1024))
                .padId(PAD)
                .shuffled(123)
                .dropLast();
        assertEquals(130, train.perEpoch());
        assertEquals(
                19,
                Batches.of(Examples.encode(splits.validation(), TOKENIZER, LABELS, 1024))
                        .perEpoch());
        assertEquals(
                38,
                Batches.of(Examples.encode(splits.test(), TOKENIZER, LABELS, 1024))
                        .perEpoch());
        Batch fixed = train.padTo(120).epoch(0).get(129);
        assertEquals(8, fixed.size());
        assertEquals(120, fixed.width());
        assertTrue(train.padTo(120).paddingShare() > 0.6, () -> "" + train.padTo(120));
        assertTrue(train.paddingShare() < 0.2, train::toString);
    }

    @Test
    void theSmallSetIsTokenised() {
        Table small = TextDataTest.smallSet();
        Examples examples = Examples.encode(small, TOKENIZER, LABELS, 1024);
        assertEquals(small.rowCount(), examples.size());
        for (int row = 0; row < small.rowCount(); row++) {
            assertEquals(
                    small.getString(row, "text"),
                    TOKENIZER.decode(examples.get(row).ids()));
            assertEquals(
                    small.getString(row, "label"), LABELS.get(examples.get(row).label()));
        }
        assertEquals(0, examples.truncated());
    }

    @Test
    void longTextsAreCutAndEmptyOnesBecomeOneToken() {
        Table table = Columns.table("t", List.of("ham", "spam", "ham"), List.of("", "a b c d e f", "a b c"));
        Examples examples = Examples.encode(table, TOKENIZER, LABELS, 3);
        assertArrayEquals(new int[] {PAD}, examples.get(0).ids());
        assertArrayEquals(TOKENIZER.encode("a b c"), examples.get(1).ids());
        assertEquals(1, examples.truncated());
        assertEquals(3, examples.longest());
        assertEquals(7, examples.tokens());
        assertEquals("3 examples, 7 tokens, longest 3, 1 truncated to 3", examples.toString());
        assertEquals(1, examples.get(1).label());
        assertThrows(UnsupportedOperationException.class, () -> examples.remove(0));
    }

    @Test
    void unknownLabelsAndBadLengthsAreNamed() {
        Table table = Columns.table("t", List.of("ham", "spma"), List.of("a", "b"));
        String message = assertThrows(UnknownNameException.class, () -> Examples.encode(table, TOKENIZER, LABELS, 9))
                .getMessage();
        assertTrue(message.contains("Did you mean \"spam\""), message);
        assertThrows(BadArgumentException.class, () -> Examples.encode(table, TOKENIZER, LABELS, 0));
        assertThrows(
                UnknownNameException.class, () -> Examples.encode(table.selectColumns("label"), TOKENIZER, LABELS, 9));
    }

    @Test
    void anInterruptStopsTokenising() {
        Thread.currentThread().interrupt();
        assertThrows(StoppedException.class, () -> Examples.encode(TextDataTest.smallSet(), TOKENIZER, LABELS, 9));
        assertNotEquals(true, Thread.interrupted());
    }
}
