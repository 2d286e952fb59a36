package dev.lorikeet.data;

import java.util.Arrays;
import java.util.List;

/**
 * Examples that are run together.
 *
 * @param ids [size][width], each row padded on its right
 * @param lengths [size], the real tokens of each row
 * @param labels [size]
 * @param padId what rows are padded with
 */
public record Batch(int[][] ids, int[] lengths, int[] labels, int padId) {

    /** Pads examples to a width, cutting longer ones. */
    static Batch of(List<Example> examples, int width, int padId) {
        int[][] ids = new int[examples.size()][width];
        int[] lengths = new int[ids.length];
        int[] labels = new int[ids.length];
        for (int row = 0; row < ids.length; row++) {
            Example example = examples.get(row);
            lengths[row] = Math.min(width, example.length());
            labels[row] = example.label();
            System.arraycopy(example.ids(), 0, ids[row], 0, lengths[row]);
            Arrays.fill(ids[row], lengths[row], width, padId);
        }
        return new Batch(ids, lengths, labels, padId);
    }

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

    @Override
    public String toString() {
        return "batch of " + size() + " × " + width() + ", " + tokens() + " tokens";
    }
}
