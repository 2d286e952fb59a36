package dev.lorikeet.train;

import java.util.Arrays;

/**
 * Rows of tokens to predict from those before them.
 *
 * @param ids [size][width], padded on the right
 * @param counts [size][width], whether the token at this place is to be predicted; the first of a row never is
 */
public record CausalBatch(int[][] ids, boolean[][] counts) {

    /** Every token but the first of each row is to be predicted. */
    public static CausalBatch of(int[][] ids) {
        boolean[][] counts = new boolean[ids.length][ids[0].length];
        for (boolean[] row : counts) {
            Arrays.fill(row, true);
        }
        return new CausalBatch(ids, counts);
    }

    int targets() {
        int targets = 0;
        for (boolean[] row : counts) {
            for (int i = 1; i < row.length; i++) {
                targets += row[i] ? 1 : 0;
            }
        }
        return targets;
    }
}
