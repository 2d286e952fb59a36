package dev.lorikeet.text;

import java.util.Arrays;

/** Ids that are being collected, and where in the text each ends. */
final class PieceList {

    private int[] ids = new int[64];
    private int[] ends = new int[64];
    private int size;

    void add(int id, int end) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ids[size] = id;
        ends[size++] = end;
    }

    int last() {
        return size == 0 ? -1 : ids[size - 1];
    }

    void stretchLast(int end) {
        ends[size - 1] = end;
    }

    Encoding encoding() {
        return new Encoding(Arrays.copyOf(ids, size), Arrays.copyOf(ends, size));
    }
}
