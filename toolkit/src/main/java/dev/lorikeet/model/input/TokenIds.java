package dev.lorikeet.model.input;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;

/** Puts token ids into an array for the engine. */
public final class TokenIds {

    private TokenIds() {}

    /**
     * Checks ids and copies them.
     *
     * @param rows of equal length, each id below the size of the vocabulary
     * @return int64 (batch, time) in {@code manager}
     */
    public static NDArray of(NDManager manager, int[][] rows, int vocabSize) {
        BadArgumentException.unless(rows.length > 0 && rows[0].length > 0, "ids", "empty", "at least one row of ids");
        int width = rows[0].length;
        long[] flat = new long[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            BadArgumentException.unless(
                    rows[i].length == width, "length of row " + i, rows[i].length, "that of row 0, " + width);
            for (int j = 0; j < width; j++) {
                int id = rows[i][j];
                BadArgumentException.unless(id >= 0 && id < vocabSize, "token id", id, "0 to " + (vocabSize - 1));
                flat[i * width + j] = id;
            }
        }
        return manager.create(flat, new Shape(rows.length, width));
    }
}
