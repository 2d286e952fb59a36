package dev.lorikeet.data.pair;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.data.Batch;
import dev.lorikeet.data.RowDigest;
import dev.lorikeet.data.table.Columns;
import dev.lorikeet.text.Tokenizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/** Tokenised pairs of texts that belong together, such as a question and its answer; immutable. */
public final class Pairs implements Serializable {

    private final List<int[]> first;
    private final List<int[]> second;
    private final int longest;

    private Pairs(List<int[]> first, List<int[]> second, int longest) {
        this.first = List.copyOf(first);
        this.second = List.copyOf(second);
        this.longest = longest;
    }

    /**
     * Tokenises two columns of a table, each text cut to {@code longest} tokens.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a column is missing
     * @throws BadArgumentException if a text is empty
     * @throws StoppedException if the thread is interrupted
     */
    public static Pairs encode(Table table, String firstColumn, String secondColumn, Tokenizer tokenizer, int longest) {
        List<int[]> first = encode(table, firstColumn, tokenizer, longest);
        List<int[]> second = encode(table, secondColumn, tokenizer, longest);
        return new Pairs(first, second, longest);
    }

    private static List<int[]> encode(Table table, String column, Tokenizer tokenizer, int longest) {
        List<int[]> all = new ArrayList<>();
        for (String text : Columns.strings(table, column)) {
            StoppedException.check("Tokenising was interrupted");
            BadArgumentException.unless(
                    !text.isBlank(),
                    "text in row " + (all.size() + 1) + " of the column \"" + column + "\"",
                    text,
                    "a text that is not empty");
            all.add(tokenizer.encodeCut(text, longest));
        }
        return all;
    }

    /** The number of pairs. */
    public int size() {
        return first.size();
    }

    /** The most tokens of a text. */
    public int longest() {
        return longest;
    }

    /** The number of pairs with a text of as many tokens as it may have, or of more, which are cut. */
    public long full() {
        return IntStream.range(0, size())
                .filter(row -> first.get(row).length == longest || second.get(row).length == longest)
                .count();
    }

    /** The ids of all texts. */
    public Stream<int[]> ids() {
        return Stream.concat(first.stream(), second.stream());
    }

    /** A hash of the pairs. */
    public String digest() {
        RowDigest digest = new RowDigest();
        ids().forEach(digest::add);
        return digest.hex();
    }

    /** The batches in the order of the table, the last one perhaps smaller. */
    public List<Batch> inOrder(int size, int padId) {
        return batches(IntStream.range(0, size()).toArray(), size, padId, false);
    }

    /**
     * The batches of an epoch, shuffled; an incomplete one is left out.
     *
     * @param epoch index of the epoch, from 0
     */
    public List<Batch> epoch(int epoch, int size, long seed, int padId) {
        int[] order = IntStream.range(0, size()).toArray();
        SplittableRandom random = new SplittableRandom(seed * 31 + epoch);
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return batches(order, size, padId, true);
    }

    private List<Batch> batches(int[] order, int size, int padId, boolean dropLast) {
        List<Batch> batches = new ArrayList<>();
        for (int start = 0; start < order.length; start += size) {
            int end = Math.min(order.length, start + size);
            if (end - start == size || !dropLast) {
                int[] rows = IntStream.range(start, end).map(i -> order[i]).toArray();
                batches.add(Batch.ofPairs(pick(first, rows), pick(second, rows), padId));
            }
        }
        return batches;
    }

    private static List<int[]> pick(List<int[]> all, int[] rows) {
        return IntStream.of(rows).mapToObj(all::get).toList();
    }
}
