package dev.lorikeet.data;

import java.util.Arrays;

/**
 * Rows of tokens to predict from those before them.
 *
 * @param ids [size][width], padded on the right
 * @param lengths [size], the real tokens of each row
 * @param counts [size][width], whether the token at this place is to be predicted; the first of a text never is
 * @param segments [size][width], the number of the text within its row that a token belongs to; null where a row is one text
 * @param examples texts in the batch
 * @param padId what rows are padded with
 */
public record CausalBatch(int[][] ids, int[] lengths, boolean[][] counts, int[][] segments, int examples, int padId) {

    /** A label that is not learned, as PyTorch has it. */
    public static final int IGNORED = -100;

    /** Rows without padding, each a text of which every token but the first is to be predicted. */
    public static CausalBatch of(int[][] ids) {
        boolean[][] counts = new boolean[ids.length][ids[0].length];
        for (boolean[] row : counts) {
            Arrays.fill(row, 1, row.length, true);
        }
        return of(ids, counts);
    }

    /** Rows without padding; {@code counts} says which of their tokens are to be predicted. */
    public static CausalBatch of(int[][] ids, boolean[][] counts) {
        int[] lengths = new int[ids.length];
        Arrays.fill(lengths, ids[0].length);
        return new CausalBatch(ids, lengths, counts, null, ids.length, 0);
    }

    /** Rows. */
    public int size() {
        return ids.length;
    }

    /** Tokens of a row, padding included. */
    public int width() {
        return ids[0].length;
    }

    /** Real tokens, without padding. */
    public long tokens() {
        return Arrays.stream(lengths).asLongStream().sum();
    }

    /** Tokens that are to be predicted. */
    public int targets() {
        int targets = 0;
        for (boolean[] row : counts) {
            for (int i = 1; i < row.length; i++) {
                targets += row[i] ? 1 : 0;
            }
        }
        return targets;
    }

    /** [size][width], 1 at real tokens and 0 at padding, as Hugging Face's attention_mask. */
    public int[][] attentionMask() {
        int[][] mask = new int[size()][width()];
        for (int i = 0; i < mask.length; i++) {
            Arrays.fill(mask[i], 0, lengths[i], 1);
        }
        return mask;
    }

    /** [size][width], the ids where they are to be predicted and {@value #IGNORED} elsewhere, as Hugging Face's labels. */
    public int[][] labels() {
        int[][] labels = new int[size()][width()];
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < labels[i].length; j++) {
                labels[i][j] = counts[i][j] ? ids[i][j] : IGNORED;
            }
        }
        return labels;
    }

    @Override
    public String toString() {
        return "batch of %d × %d, %d tokens, %d to predict".formatted(size(), width(), tokens(), targets());
    }
}
