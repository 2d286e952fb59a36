package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How a CPU multiplies a single row by a matrix of float32, which takes as long as reading the matrix: by the engine's own product,
 * which on some CPUs reads with one thread alone, or by eight products of an eighth of the columns each.
 */
final class RowProduct {

    /** Together larger than caches are. */
    private static final int MATRICES = 16;

    private static final Shape SHAPE = new Shape(1024, 1024);
    private static final int ROUNDS = 3;

    /** Measured once a process. */
    static final boolean AT_ONCE = nanoseconds(true) <= nanoseconds(false);

    static {
        take(AT_ONCE);
    }

    private RowProduct() {}

    /** Says how it is done from now on. */
    static void take(boolean atOnce) {
        try (NDArray like = Torch.host().create(0f);
                NDArray wanted = Torch.host().create(atOnce)) {
            TorchScript.call("take_row_at_once", false, new NDList(like, wanted))
                    .close();
        }
    }

    /** The least of a few rounds, after one that does not count. */
    private static long nanoseconds(boolean atOnce) {
        take(atOnce);
        try (NDManager scope = Torch.manager()) {
            NDArray row = scope.ones(new Shape(1, SHAPE.get(1)), DataType.FLOAT32);
            NDArray[] matrices = Stream.generate(() -> scope.ones(SHAPE, DataType.FLOAT32))
                    .limit(MATRICES)
                    .toArray(NDArray[]::new);
            return LongStream.generate(() -> round(row, matrices))
                    .limit(ROUNDS + 1L)
                    .skip(1)
                    .min()
                    .orElseThrow();
        }
    }

    private static long round(NDArray row, NDArray... matrices) {
        long began = System.nanoTime();
        for (NDArray matrix : matrices) {
            TorchScript.call("product", false, new NDList(row, matrix)).close();
        }
        return System.nanoTime() - began;
    }
}
