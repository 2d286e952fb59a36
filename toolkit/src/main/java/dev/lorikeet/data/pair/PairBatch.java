package dev.lorikeet.data.pair;

import dev.lorikeet.data.Batch;
import dev.lorikeet.data.Example;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A batch of pairs of texts that belong together.
 *
 * @param ids [2 · pairs][width] token ids, padded on the right: first the first texts of all pairs, then the second ones
 * @param lengths [2 · pairs] tokens of each row, without padding
 * @param same [pairs][pairs] whether the second text of the one pair would answer the first text of the other too, as they are equal
 */
public record PairBatch(int[][] ids, int[] lengths, boolean[][] same) {

    static PairBatch of(List<int[]> first, List<int[]> second, int padId) {
        int pairs = first.size();
        Batch rows = Batch.padded(
                Stream.concat(first.stream(), second.stream())
                        .map(ids -> new Example(ids, 0))
                        .toList(),
                padId);
        boolean[][] same = new boolean[pairs][pairs];
        for (int i = 0; i < pairs; i++) {
            for (int j = 0; j < pairs; j++) {
                same[i][j] = Arrays.equals(first.get(i), first.get(j)) || Arrays.equals(second.get(i), second.get(j));
            }
        }
        return new PairBatch(rows.ids(), rows.lengths(), same);
    }

    /** The number of pairs. */
    public int size() {
        return ids.length / 2;
    }

    /** The number of tokens in a row, padding included. */
    public int width() {
        return ids[0].length;
    }

    /** The number of tokens without padding. */
    public long tokens() {
        return Arrays.stream(lengths).asLongStream().sum();
    }
}
