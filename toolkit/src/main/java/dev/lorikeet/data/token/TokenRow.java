package dev.lorikeet.data.token;

import dev.lorikeet.data.RowTarget;
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

    /** Creates a row with a loss mask; the first token of a text is never a target. */
    static TokenRow of(int[] ids, boolean[] targets, int[] segmentIds) {
        boolean[] lossMask = new boolean[ids.length];
        for (int i = 1; i < ids.length; i++) {
            lossMask[i] = targets[i] && segmentIds[i] == segmentIds[i - 1];
        }
        int last = ids.length == 0 ? 0 : segmentIds[ids.length - 1];
        return new TokenRow(ids, lossMask, segmentIds, last + 1);
    }

    public int length() {
        return ids.length;
    }

    /** The ids of the targets, and {@value RowTarget#IGNORED} elsewhere, as transformers has labels: they are not shifted. */
    public int[] labels() {
        int[] labels = new int[length()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = lossMask[i] ? ids[i] : RowTarget.IGNORED;
        }
        return labels;
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
        for (int i = 0; i < other.length(); i++) {
            segmentIds[length() + i] = texts + other.segmentIds[i];
        }
        return new TokenRow(ids, lossMask, segmentIds, texts + other.texts);
    }

    /**
     * Packs whole texts, or rows of them, into few rows: the longest first, each into the row where it leaves the least room (best-fit
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
