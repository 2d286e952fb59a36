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
 * @param byLength whether rows of like length come together: shuffled ones are sorted within so many batches that they are
 *     still mixed, others altogether
 */
record Order(int[] lengths, int size, OptionalLong seed, boolean dropLast, boolean byLength) {

    /** Shuffled rows are sorted by length within so many batches: little padding, and still mixed. */
    private static final int BUCKET = 16;

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
        if (byLength) {
            sortWithinBuckets(order);
        }
        List<List<Integer>> batches = new ArrayList<>();
        for (int at = 0; at < order.size(); at += size) {
            batches.add(List.copyOf(order.subList(at, Math.min(at + size, order.size()))));
        }
        if (seed.isPresent() && byLength) {
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

    /** The finaliser of SplitMix64 (Steele et al., 2014): {@link Random} gives near seeds much alike beginnings. */
    private static long mixed(long seed, int epoch) {
        long z = seed + (epoch + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
