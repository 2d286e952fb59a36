package dev.lorikeet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Batches of like lengths, by the rules of transformers' LengthGroupedSampler. */
class GroupByLengthTest {

    private static BatchSampler order(int rows, int size, boolean dropLast) {
        Random random = new Random(1);
        int[] lengths =
                IntStream.range(0, rows).map(row -> 1 + random.nextInt(90)).toArray();
        return new BatchSampler(lengths, size, OptionalLong.of(7), dropLast, BatchSampler.Grouping.MEGA_BATCHES);
    }

    private static List<Integer> rows(BatchSampler order, int epoch) {
        return order.epoch(epoch).stream().flatMap(List::stream).toList();
    }

    private static void assertDescending(BatchSampler order, int mega) {
        List<Integer> rows = new ArrayList<>(rows(order, 0));
        int longest = Arrays.stream(order.lengths()).max().orElseThrow();
        assertEquals(longest, order.lengths()[rows.get(0)], "the longest comes first");
        int broken = 0;
        for (int i = 1; i < rows.size(); i++) {
            if (i % mega != 0 && order.lengths()[rows.get(i)] > order.lengths()[rows.get(i - 1)]) {
                broken++;
            }
        }
        assertTrue(broken <= 1, "but for the row that the longest changed places with, each mega-batch falls");
        assertEquals(
                IntStream.range(0, rows.size()).boxed().toList(),
                rows.stream().sorted().toList());
    }

    /** 1,000 rows, 4 to a batch, as in the walkthrough: mega-batches of 50 batches. */
    @Test
    void fiftyBatchesMakeAMegaBatch() {
        assertDescending(order(1000, 4, false), 200);
    }

    /** Of 100 rows 4 to a batch, six batches are the quarter; a last, smaller mega-batch follows. */
    @Test
    void aSmallSetHasFour() {
        assertDescending(order(100, 4, false), 24);
        assertDescending(order(5, 4, false), 4);
    }

    @Test
    void epochsDifferAndAreRepeatable() {
        BatchSampler order = order(1000, 4, false);
        assertEquals(order.epoch(3), order(1000, 4, false).epoch(3));
        assertNotEquals(order.epoch(0), order.epoch(1));
        assertEquals(250, order(1001, 4, true).epoch(0).size());
        assertEquals(251, order(1001, 4, false).epoch(0).size());
    }

    @Test
    void documentsArePaddedLess() {
        List<String> texts = IntStream.range(0, 64)
                .mapToObj(i -> "word ".repeat(1 + i * 7 % 30))
                .toList();
        Documents documents = Documents.of(Table.create(StringColumn.create("text", texts)), "text")
                .batch(4);
        try (Tokenizer tokenizer = Tokenizers.gpt2()) {
            CausalBatches grouped = documents.groupByLength(3).batches(tokenizer);
            assertTrue(
                    grouped.paddingShare() < 0.5 * documents.batches(tokenizer).paddingShare(), grouped.toString());
            assertEquals(documents.batches(tokenizer).digest(), grouped.digest(), "the order does not count");
            assertNotEquals(
                    grouped.digest(),
                    documents.length(20).groupByLength(3).batches(tokenizer).digest());
            assertEquals(
                    documents.shuffled(3).batches(tokenizer).epoch(0).get(0).lengths()[0],
                    documents
                            .groupByLength(3)
                            .shuffled(3)
                            .batches(tokenizer)
                            .epoch(0)
                            .get(0)
                            .lengths()[0],
                    "the last word holds");
            assertEquals(
                    tokenizer.eos(),
                    tokenizer.pad(),
                    "without a padding token of its own the end token pads, on the right");
            Batch batch = documents.batches(tokenizer).epoch(0).get(0);
            int shortest = IntStream.range(0, 4)
                    .boxed()
                    .min((a, b) -> batch.lengths()[a] - batch.lengths()[b])
                    .orElseThrow();
            assertEquals(tokenizer.pad().getAsInt(), batch.ids()[shortest][batch.width() - 1]);
            assertEquals(0, batch.attentionMask()[shortest][batch.width() - 1]);
        }
    }
}
