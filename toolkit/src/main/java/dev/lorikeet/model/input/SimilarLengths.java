package dev.lorikeet.model.input;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/** Groups rows of similar length into batches, which saves most of the padding. */
public final class SimilarLengths {

    private static final int MOST_ROWS = 16;
    private static final int MOST_TOKENS = 4096;

    private SimilarLengths() {}

    /**
     * The numbers of the rows of each batch, the shortest rows first.
     *
     * @param widths tokens that each row takes, padding included
     * @param mayPad whether a row may stand in a batch of another, longer one's length, given the two
     */
    public static List<List<Integer>> batches(int[] widths, BiPredicate<Integer, Integer> mayPad) {
        List<Integer> order = IntStream.range(0, widths.length)
                .boxed()
                .sorted(Comparator.comparingInt(row -> widths[row]))
                .toList();
        List<List<Integer>> batches = new ArrayList<>();
        for (int start = 0; start < order.size(); ) {
            int end = start + 1;
            while (end < order.size()
                    && end - start < MOST_ROWS
                    && (end - start + 1L) * widths[order.get(end)] <= MOST_TOKENS
                    && mayPad.test(order.get(start), order.get(end))) {
                end++;
            }
            batches.add(order.subList(start, end));
            start = end;
        }
        return batches;
    }
}
