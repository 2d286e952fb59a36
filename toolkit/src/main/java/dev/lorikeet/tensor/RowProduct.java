package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.stream.Stream;

/**
 * How a CPU multiplies a single row by a matrix of float32, which takes as long as reading the matrix: by the engine's own product,
 * which on some CPUs reads with one thread alone, or by eight products of an eighth of the columns each.
 */
final class RowProduct {

    /** Together larger than most caches. */
    private static final int MATRICES = 24;

    /** That of an MLP's first matrix in a small model: the ways differ most where there are many columns and short sums. */
    private static final Shape SHAPE = new Shape(1536, 576);

    /** In turns, so that what else the machine does meets both ways; the best of each counts. */
    private static final int ROUNDS = 6;

    /** Measured once a process. */
    static final boolean AT_ONCE = measure();

    private RowProduct() {}

    private static boolean measure() {
        long whole = Long.MAX_VALUE;
        long parts = Long.MAX_VALUE;
        try (NDManager scope = Torch.manager()) {
            NDArray row = scope.ones(new Shape(1, SHAPE.get(1)), DataType.FLOAT32);
            NDArray[] matrices = Stream.generate(() -> scope.ones(SHAPE, DataType.FLOAT32))
                    .limit(MATRICES)
                    .toArray(NDArray[]::new);
            for (int i = 0; i < ROUNDS; i++) {
                whole = Math.min(whole, nanoseconds(true, row, matrices));
                parts = Math.min(parts, nanoseconds(false, row, matrices));
            }
        }
        boolean atOnce = whole < parts;
        take(atOnce);
        return atOnce;
    }

    /** Says how it is done from now on. */
    static void take(boolean atOnce) {
        try (NDArray like = Torch.host().create(0f);
                NDArray wanted = Torch.host().create(atOnce)) {
            TorchScript.call("take_row_at_once", false, new NDList(like, wanted))
                    .close();
        }
    }

    private static long nanoseconds(boolean atOnce, NDArray row, NDArray... matrices) {
        take(atOnce);
        long began = System.nanoTime();
        for (NDArray matrix : matrices) {
            TorchScript.call("product", false, new NDList(row, matrix)).close();
        }
        return System.nanoTime() - began;
    }
}
