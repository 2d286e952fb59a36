package dev.lorikeet.data;

import java.util.Arrays;
import java.util.List;

/**
 * A batch of labelled examples.
 *
 * @param ids [size][width] token ids, padded on the right
 * @param lengths [size] tokens of each row, without padding
 * @param labels [size] classes
 * @param flags [size][labels] whether each label holds, where a text may have several; else null
 * @param padId id of the padding token
 */
public record Batch(int[][] ids, int[] lengths, int[] labels, boolean[][] flags, int padId) {

    /** A batch of texts with one label each. */
    public Batch(int[][] ids, int[] lengths, int[] labels, int padId) {
        this(ids, lengths, labels, null, padId);
    }

    /** Pads examples to the longest of them. */
    public static Batch padded(List<Example> examples, int padId) {
        int longest = examples.stream().mapToInt(Example::length).max().orElseThrow();
        return of(examples, longest, padId);
    }

    /** Pads examples to a width and truncates longer ones. */
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
        boolean[][] flags = examples.get(0).flags() == null
                ? null
                : examples.stream().map(Example::flags).toArray(boolean[][]::new);
        return new Batch(ids, lengths, labels, flags, padId);
    }

    /** The number of examples. */
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

    @Override
    public String toString() {
        return "batch of " + size() + " × " + width() + ", " + tokens() + " tokens";
    }
}
