package dev.lorikeet.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which rows come together in a batch, epoch by epoch; an epoch is the same whenever it is asked for.
 *
 * @param lengths tokens of each row
 * @param size rows of a batch
 * @param seed of the shuffling; empty: rows keep their order
 * @param dropLast whether the rows that do not fill a batch are left out
 * @param grouping which rows come together
 */
record BatchSampler(int[] lengths, int size, OptionalLong seed, boolean dropLast, Grouping grouping) {

    /** How rows of like length come together, so that little is padded. */
    enum Grouping {
        /** They do not. */
        NONE,
        /** Shuffled rows are sorted within so many batches that they are still mixed, and the batches shuffled; others altogether. */
        BUCKETS,
        /**
         * As transformers' LengthGroupedSampler: shuffled rows are sorted within mega-batches, the longest first, and the
         * longest of all comes at the very beginning, so that memory which does not suffice shows at once.
         */
        MEGA_BATCHES
    }

    /** Shuffled rows are sorted by length within so many batches: little padding, and still mixed. */
    private static final int BUCKET = 16;

    /** Most batches of a mega-batch; of a small set as many as make four of it. */
    private static final int MEGA_BATCH = 50;

    /** Batches in an epoch. */
    int perEpoch() {
        return dropLast ? lengths.length / size : (lengths.length + size - 1) / size;
    }

    /** The row numbers of each batch. */
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
        for (int at = 0; at < order.size(); at += size) {
            batches.add(List.copyOf(order.subList(at, Math.min(at + size, order.size()))));
        }
        if (seed.isPresent() && grouping == Grouping.BUCKETS) {
            Collections.shuffle(batches, random);
        }
        return List.copyOf(batches);
    }

    /** Without a shuffle the whole is one bucket: then nothing but the padding depends on the order. */
    private void sortWithinBuckets(List<Integer> order) {
        int bucket = seed.isPresent() ? size * BUCKET : Math.max(1, order.size());
        for (int at = 0; at < order.size(); at += bucket) {
            order.subList(at, Math.min(at + bucket, order.size())).sort(Comparator.comparingInt(row -> lengths[row]));
        }
    }

    private void sortWithinMegaBatches(List<Integer> order) {
        int mega = size * Math.max(1, Math.min(order.size() / (4 * size), MEGA_BATCH));
        int longest = 0;
        for (int at = 0; at < order.size(); at += mega) {
            order.subList(at, Math.min(at + mega, order.size()))
                    .sort(Comparator.comparingInt((Integer row) -> lengths[row]).reversed());
            longest = lengths[order.get(at)] > lengths[order.get(longest)] ? at : longest;
        }
        if (!order.isEmpty()) {
            Collections.swap(order, 0, longest);
        }
    }

    /** The finaliser of SplitMix64 (Steele et al., 2014): {@link Random} gives near seeds much alike beginnings. */
    private static long mixed(long seed, int epoch) {
        long z = seed + (epoch + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
