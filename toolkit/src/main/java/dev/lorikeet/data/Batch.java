package dev.lorikeet.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of tokens of one length, with what is to be learnt of them.
 *
 * @param ids [size][width] token ids, padded on the right
 * @param lengths [size] tokens of each row, without padding
 * @param segmentIds [size][width] index of the text within its row that a token belongs to; null where each row is one text
 * @param targets of each row; empty where the rows belong to each other, as pairs do
 * @param examples number of texts, or of pairs of them
 * @param padId id of the padding token
 */
public record Batch(int[][] ids, int[] lengths, int[][] segmentIds, List<RowTarget> targets, int examples, int padId) {

    public Batch {
        targets = List.copyOf(targets);
    }

    /** Rows that are one text each, with one label each. */
    public Batch(int[][] ids, int[] lengths, int[] labels, int padId) {
        this(
                ids,
                lengths,
                null,
                Arrays.stream(labels)
                        .<RowTarget>mapToObj(RowTarget.OneLabel::new)
                        .toList(),
                ids.length,
                padId);
    }

    /** Rows without padding, each one text, of which every token but the first is to be predicted. */
    public static Batch of(int[][] ids) {
        boolean[][] lossMask = new boolean[ids.length][ids[0].length];
        for (boolean[] row : lossMask) {
            Arrays.fill(row, 1, row.length, true);
        }
        return of(ids, lossMask);
    }

    /**
     * Rows without padding, each one text, of which some tokens are to be predicted.
     *
     * @param lossMask [size][width] which; false at the first token
     */
    public static Batch of(int[][] ids, boolean[][] lossMask) {
        int[] lengths = new int[ids.length];
        Arrays.fill(lengths, ids[0].length);
        return of(ids, lengths, lossMask, null, ids.length, 0);
    }

    /** Rows of which some tokens are to be predicted. */
    public static Batch of(
            int[][] ids, int[] lengths, boolean[][] lossMask, int[][] segmentIds, int examples, int padId) {
        List<RowTarget> targets = Arrays.stream(lossMask)
                .<RowTarget>map(RowTarget.NextTokens::new)
                .toList();
        return new Batch(ids, lengths, segmentIds, targets, examples, padId);
    }

    /** Pads examples to the longest of them. */
    public static Batch padded(List<Example> examples, int padId) {
        int longest = examples.stream().mapToInt(Example::length).max().orElseThrow();
        return of(examples, longest, padId);
    }

    /** Pads examples to a width and truncates longer ones. */
    static Batch of(List<Example> examples, int width, int padId) {
        List<RowTarget> targets = examples.stream().map(Example::target).toList();
        Batch rows = ofRows(examples.stream().map(Example::ids).toList(), width, targets, examples.size(), padId);
        if (examples.get(0).segmentIds() == null) {
            return rows;
        }
        int[][] segmentIds = examples.stream()
                .map(example -> Arrays.copyOf(example.segmentIds(), width))
                .toArray(int[][]::new);
        return new Batch(rows.ids, rows.lengths, segmentIds, targets, rows.examples, padId);
    }

    /** Pads pairs of texts to the longest of all: the first texts of all pairs, and then the second ones. */
    public static Batch ofPairs(List<int[]> first, List<int[]> second, int padId) {
        List<int[]> rows = Stream.concat(first.stream(), second.stream()).toList();
        int longest = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        return ofRows(rows, longest, List.of(), first.size(), padId);
    }

    private static Batch ofRows(List<int[]> rows, int width, List<RowTarget> targets, int examples, int padId) {
        int[][] ids = new int[rows.size()][];
        int[] lengths = new int[ids.length];
        for (int row = 0; row < ids.length; row++) {
            lengths[row] = Math.min(width, rows.get(row).length);
            ids[row] = Arrays.copyOf(rows.get(row), width);
            Arrays.fill(ids[row], lengths[row], width, padId);
        }
        return new Batch(ids, lengths, null, targets, examples, padId);
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

    /** The number of tokens, padding included. */
    public long positions() {
        return (long) size() * width();
    }

    /** The number of things to be learnt: labels, numbers, tokens or pairs. */
    public int targetCount() {
        return targets.isEmpty()
                ? examples
                : targets.stream().mapToInt(RowTarget::count).sum();
    }

    /** The padding mask [size][width]: 1 at tokens and 0 at padding, Hugging Face's attention_mask. */
    public int[][] attentionMask() {
        int[][] mask = new int[size()][width()];
        for (int i = 0; i < mask.length; i++) {
            Arrays.fill(mask[i], 0, lengths[i], 1);
        }
        return mask;
    }

    /** The classes [size] of rows that have one each. */
    public int[] labels() {
        return targets.stream()
                .mapToInt(target -> ((RowTarget.OneLabel) target).index())
                .toArray();
    }

    /** The mask [size][width] that is true at tokens to be predicted, where these are what is learnt. */
    public boolean[][] lossMask() {
        return targets.stream()
                .map(target -> ((RowTarget.NextTokens) target).mask())
                .toArray(boolean[][]::new);
    }

    /**
     * The labels [size][width] of tokens as Hugging Face has them: the id of a token that is to be predicted, or a token's own class;
     * {@value RowTarget#IGNORED} elsewhere.
     */
    public int[][] tokenLabels() {
        return IntStream.range(0, size()).mapToObj(this::tokenLabels).toArray(int[][]::new);
    }

    private int[] tokenLabels(int row) {
        int[] labels = new int[width()];
        Arrays.fill(labels, RowTarget.IGNORED);
        if (targets.get(row) instanceof RowTarget.Tags tags) {
            System.arraycopy(tags.labels(), 0, labels, 0, lengths[row]);
        } else {
            boolean[] mask = ((RowTarget.NextTokens) targets.get(row)).mask();
            for (int i = 0; i < labels.length; i++) {
                labels[i] = mask[i] ? ids[row][i] : labels[i];
            }
        }
        return labels;
    }

    @Override
    public String toString() {
        return "batch of %d × %d, %d tokens, %d to learn".formatted(size(), width(), tokens(), targetCount());
    }
}
