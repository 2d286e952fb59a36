package dev.lorikeet.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One row of tokens, or the beginning of one that is filled up later.
 *
 * @param ids its tokens
 * @param counts whether each is to be predicted; false at the beginning of each text
 * @param segments the number of the text within the row that each belongs to
 * @param texts how many there are
 */
record TokenRow(int[] ids, boolean[] counts, int[] segments, int texts) {

    /** A text of its own; all of its tokens from {@code learned} on are to be predicted, but never the first. */
    static TokenRow of(int[] ids, int learned) {
        boolean[] counts = new boolean[ids.length];
        Arrays.fill(counts, Math.min(ids.length, Math.max(1, learned)), ids.length, true);
        return new TokenRow(ids, counts, new int[ids.length], 1);
    }

    /** A text of its own, of which these tokens are to be predicted, but never the first. */
    static TokenRow of(int[] ids, boolean[] learned) {
        boolean[] counts = Arrays.copyOf(learned, ids.length);
        if (counts.length > 0) {
            counts[0] = false;
        }
        return new TokenRow(ids, counts, new int[ids.length], 1);
    }

    int length() {
        return ids.length;
    }

    boolean hasTarget() {
        for (boolean count : counts) {
            if (count) {
                return true;
            }
        }
        return false;
    }

    private TokenRow plus(TokenRow other) {
        int[] ids = Arrays.copyOf(this.ids, length() + other.length());
        boolean[] counts = Arrays.copyOf(this.counts, ids.length);
        int[] segments = Arrays.copyOf(this.segments, ids.length);
        System.arraycopy(other.ids, 0, ids, length(), other.length());
        System.arraycopy(other.counts, 0, counts, length(), other.length());
        Arrays.fill(segments, length(), ids.length, texts);
        return new TokenRow(ids, counts, segments, texts + 1);
    }

    /**
     * Whole texts side by side in few rows: the longest first, each into the row where it leaves the least room (best-fit
     * decreasing; Ding et al. 2024 use it for training data).
     *
     * @param width most tokens of a row; no text is longer
     */
    static List<TokenRow> packed(List<TokenRow> texts, int width) {
        List<List<Integer>> withRoom = new ArrayList<>();
        for (int room = 0; room <= width; room++) {
            withRoom.add(new ArrayList<>());
        }
        List<TokenRow> rows = new ArrayList<>();
        List<TokenRow> longestFirst = texts.stream()
                .sorted(Comparator.comparingInt(TokenRow::length).reversed())
                .toList();
        for (TokenRow text : longestFirst) {
            int room = text.length();
            while (room <= width && withRoom.get(room).isEmpty()) {
                room++;
            }
            int row = rows.size();
            if (room > width) {
                rows.add(text);
            } else {
                List<Integer> fitting = withRoom.get(room);
                row = fitting.remove(fitting.size() - 1);
                rows.set(row, rows.get(row).plus(text));
            }
            withRoom.get(width - rows.get(row).length()).add(row);
        }
        return rows;
    }
}
