package dev.lorikeet.data.token;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One row of tokens, or the beginning of one that is filled up later.
 *
 * @param ids its tokens
 * @param lossMask true at tokens that are targets of the loss; false at the first token of each text
 * @param segmentIds index of the text within the row that each token belongs to
 * @param texts number of texts
 */
public record TokenRow(int[] ids, boolean[] lossMask, int[] segmentIds, int texts) implements Serializable {

    /** Creates a row of one text with the loss on the tokens from {@code firstTarget} on, but never on the first token. */
    static TokenRow of(int[] ids, int firstTarget) {
        boolean[] lossMask = new boolean[ids.length];
        Arrays.fill(lossMask, Math.min(ids.length, Math.max(1, firstTarget)), ids.length, true);
        return new TokenRow(ids, lossMask, new int[ids.length], 1);
    }

    /** Creates a row of one text with a loss mask; the first token is never a target. */
    static TokenRow of(int[] ids, boolean[] targets) {
        boolean[] lossMask = Arrays.copyOf(targets, ids.length);
        if (lossMask.length > 0) {
            lossMask[0] = false;
        }
        return new TokenRow(ids, lossMask, new int[ids.length], 1);
    }

    public int length() {
        return ids.length;
    }

    public boolean hasTarget() {
        for (boolean isTarget : lossMask) {
            if (isTarget) {
                return true;
            }
        }
        return false;
    }

    /** The number of tokens that are targets of the loss. */
    int targets() {
        int targets = 0;
        for (boolean isTarget : lossMask) {
            targets += isTarget ? 1 : 0;
        }
        return targets;
    }

    private TokenRow concat(TokenRow other) {
        int[] ids = Arrays.copyOf(this.ids, length() + other.length());
        boolean[] lossMask = Arrays.copyOf(this.lossMask, ids.length);
        int[] segmentIds = Arrays.copyOf(this.segmentIds, ids.length);
        System.arraycopy(other.ids, 0, ids, length(), other.length());
        System.arraycopy(other.lossMask, 0, lossMask, length(), other.length());
        Arrays.fill(segmentIds, length(), ids.length, texts);
        return new TokenRow(ids, lossMask, segmentIds, texts + 1);
    }

    /**
     * Packs whole texts into few rows: the longest first, each into the row where it leaves the least room (best-fit
     * decreasing; Ding et al. 2024 use it for training data).
     *
     * @param width maximum tokens of a row; no text is longer
     */
    public static List<TokenRow> packed(List<TokenRow> texts, int width) {
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
                rows.set(row, rows.get(row).concat(text));
            }
            withRoom.get(width - rows.get(row).length()).add(row);
        }
        return rows;
    }
}
