package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Token ids on the way from Java to the engine. */
final class Ids {

    private Ids() {}

    /** Rows of equal length as int64 (batch, time). */
    static NDArray of(NDManager manager, int[][] rows) {
        long[] flat = Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
        return manager.create(flat, new Shape(rows.length, rows[0].length));
    }
}
