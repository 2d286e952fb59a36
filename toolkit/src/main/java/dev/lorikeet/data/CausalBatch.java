package dev.lorikeet.data;

import java.util.Arrays;

/**
 * A batch for next-token prediction.
 *
 * @param ids [size][width] token ids, padded on the right
 * @param lengths [size] tokens of each row, without padding
 * @param lossMask [size][width], true where the token is a target of the loss; false at the first token of a text
 * @param segmentIds [size][width] index of the text within its row that a token belongs to; null where each row is one text
 * @param examples number of texts in the batch
 * @param padId id of the padding token
 */
public record CausalBatch(
        int[][] ids, int[] lengths, boolean[][] lossMask, int[][] segmentIds, int examples, int padId) {

    /** The label of positions without a target: PyTorch's ignore_index. */
    public static final int IGNORED = -100;

    /** Creates a batch of rows without padding, each one text; the loss is on all tokens but the first. */
    public static CausalBatch of(int[][] ids) {
        boolean[][] lossMask = new boolean[ids.length][ids[0].length];
        for (boolean[] row : lossMask) {
            Arrays.fill(row, 1, row.length, true);
        }
        return of(ids, lossMask);
    }

    /** Creates a batch of rows without padding with a loss mask. */
    public static CausalBatch of(int[][] ids, boolean[][] lossMask) {
        int[] lengths = new int[ids.length];
        Arrays.fill(lengths, ids[0].length);
        return new CausalBatch(ids, lengths, lossMask, null, ids.length, 0);
    }

    /** The number of rows. */
    public int size() {
        return ids.length;
    }

    /** The number of tokens in a row, padding included. */
    public int width() {
        return ids[0].length;
    }

    /** The number of tokens without padding. */
    public long tokens() {
        return Arrays.stream(lengths).asLongStream().sum();
    }

    /** The number of tokens to predict. */
    public int targets() {
        int targets = 0;
        for (boolean[] row : lossMask) {
            for (int i = 1; i < row.length; i++) {
                targets += row[i] ? 1 : 0;
            }
        }
        return targets;
    }

    /** The padding mask [size][width]: 1 at tokens and 0 at padding, Hugging Face's attention_mask. */
    public int[][] attentionMask() {
        int[][] mask = new int[size()][width()];
        for (int i = 0; i < mask.length; i++) {
            Arrays.fill(mask[i], 0, lengths[i], 1);
        }
        return mask;
    }

    /** The labels [size][width]: the token id where the loss mask is true and {@value #IGNORED} elsewhere, as in Hugging Face. */
    public int[][] labels() {
        int[][] labels = new int[size()][width()];
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < labels[i].length; j++) {
                labels[i][j] = lossMask[i][j] ? ids[i][j] : IGNORED;
            }
        }
        return labels;
    }

    @Override
    public String toString() {
        return "batch of %d × %d, %d tokens, %d to predict".formatted(size(), width(), tokens(), targets());
    }
}
