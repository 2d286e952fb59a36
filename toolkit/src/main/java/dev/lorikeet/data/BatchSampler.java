package dev.lorikeet.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Samples the rows of each batch, epoch by epoch; the same epoch always gives the same batches.
 *
 * @param lengths tokens of each row
 * @param size rows in a batch
 * @param seed seed of shuffling; empty: no shuffling
 * @param dropLast whether to leave out the last rows that do not fill a batch
 * @param grouping how rows of similar length share batches
 */
record BatchSampler(int[] lengths, int size, OptionalLong seed, boolean dropLast, Grouping grouping)
        implements Serializable {

    /** How rows of similar length are put into the same batches, to save padding. */
    enum Grouping {
        /** No grouping. */
        NONE,
        /**
         * Shuffled rows are sorted by length within buckets of several batches, then the batches are shuffled; without a seed all
         * rows are sorted.
         */
        BUCKETS,
        /**
         * transformers' LengthGroupedSampler: shuffled rows are sorted within mega-batches, the longest first, and the longest row
         * of all comes first, so that a lack of memory shows at once.
         */
        MEGA_BATCHES
    }

    /** Batches in a bucket: enough for little padding, few enough to keep rows mixed. */
    private static final int BUCKET = 16;

    /** Maximum batches in a mega-batch; a small set is divided into four. */
    private static final int MEGA_BATCH = 50;

    /** The number of batches in an epoch. */
    int perEpoch() {
        return dropLast ? lengths.length / size : (int) ((lengths.length + (long) size - 1) / size);
    }

    /** Returns the row indices of each batch. */
    List<List<Integer>> epoch(int epoch) {
        Random random = new Random(mixed(seed.orElse(0), epoch));
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
        if (seed.isPresent()) {
            Collections.shuffle(order, random);
        }
        if (dropLast) {
            order = order.subList(0, perEpoch() * size);
        }
        switch (grouping) {
            case BUCKETS -> sortWithinBuckets(order);
            case MEGA_BATCHES -> sortWithinMegaBatches(order);
            case NONE -> {}
        }
        List<List<Integer>> batches = new ArrayList<>();
        for (List<Integer> rows : parts(order, size)) {
            batches.add(List.copyOf(rows));
        }
        if (seed.isPresent() && grouping == Grouping.BUCKETS) {
            Collections.shuffle(batches, random);
        }
        return List.copyOf(batches);
    }

    /** Sorts by length within buckets. Without shuffling, all rows are one bucket. */
    private void sortWithinBuckets(List<Integer> order) {
        long bucket = seed.isPresent() ? (long) size * BUCKET : Math.max(1, order.size());
        for (List<Integer> rows : parts(order, bucket)) {
            rows.sort(Comparator.comparingInt(row -> lengths[row]));
        }
    }

    /** Views of consecutive parts of {@code size} rows; the last may be smaller. */
    private static List<List<Integer>> parts(List<Integer> order, long size) {
        List<List<Integer>> parts = new ArrayList<>();
        for (long at = 0; at < order.size(); at += size) {
            parts.add(order.subList((int) at, (int) Math.min(at + size, order.size())));
        }
        return parts;
    }

    private void sortWithinMegaBatches(List<Integer> order) {
        long mega = size * Math.max(1, Math.min(order.size() / (4L * size), MEGA_BATCH));
        int longest = 0;
        int at = 0;
        for (List<Integer> rows : parts(order, mega)) {
            rows.sort(Comparator.comparingInt((Integer row) -> lengths[row]).reversed());
            longest = lengths[rows.get(0)] > lengths[order.get(longest)] ? at : longest;
            at += rows.size();
        }
        if (!order.isEmpty()) {
            Collections.swap(order, 0, longest);
        }
    }

    /**
     * Mixes seed and epoch with the finaliser of SplitMix64 (Steele et al. 2014), since {@link Random} gives similar first values
     * for nearby seeds.
     */
    private static long mixed(long seed, int epoch) {
        long z = seed + (epoch + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
