package dev.lorikeet.text.sentencepiece;

import java.util.Arrays;

/** Maps two neighbours to the piece that they make: an open hash table, as boxed keys would cost most of the time. */
final class PairTable {

    private long[] keys = new long[1 << 10];
    private int[] values = new int[1 << 10];
    private int size;

    PairTable() {
        Arrays.fill(values, Segmentation.NONE);
    }

    void put(int left, int right, int piece) {
        if (2 * size > keys.length) {
            grow();
        }
        int slot = slot(key(left, right));
        size += values[slot] == Segmentation.NONE ? 1 : 0;
        keys[slot] = key(left, right);
        values[slot] = piece;
    }

    /** The piece, or {@link Segmentation#NONE}. */
    int get(int left, int right) {
        return left < 0 || right < 0 ? Segmentation.NONE : values[slot(key(left, right))];
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (values[slot] != Segmentation.NONE && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new int[keys.length];
        Arrays.fill(values, Segmentation.NONE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != Segmentation.NONE) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
