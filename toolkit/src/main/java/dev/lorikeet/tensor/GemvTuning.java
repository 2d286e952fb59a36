package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Call;
import java.util.stream.Stream;

/**
 * The faster of two ways in which a CPU multiplies a single float32 row by a matrix (GEMV), which takes as long as reading the
 * matrix: the engine's own product, which on some CPUs reads with one thread alone, or eight products of an eighth of the columns
 * each.
 */
final class GemvTuning {

    /** Matrices to go through, together larger than most caches. */
    private static final int MATRICES = 24;

    /** That of an MLP's first matrix in a small model: the ways differ most where there are many columns and short sums. */
    private static final Shape SHAPE = new Shape(1536, 576);

    /** In turns, so that what else the machine does meets both ways; the best of each counts. */
    private static final int ROUNDS = 6;

    /** Whether the engine's own product is faster; measured once a machine, as both differ in their last digits. */
    static final boolean WHOLE = known();

    private GemvTuning() {}

    private static boolean known() {
        String name = "gemv as a whole, " + Runtime.getRuntime().availableProcessors() + " processors";
        boolean whole = Boolean.parseBoolean(MachineFacts.ofThis().get(name, () -> String.valueOf(measure())));
        use(whole);
        return whole;
    }

    private static boolean measure() {
        long whole = Long.MAX_VALUE;
        long split = Long.MAX_VALUE;
        try (NDManager scope = Torch.manager()) {
            NDArray row = scope.ones(new Shape(1, SHAPE.get(1)), DataType.FLOAT32);
            NDArray[] matrices = Stream.generate(() -> scope.ones(SHAPE, DataType.FLOAT32))
                    .limit(MATRICES)
                    .toArray(NDArray[]::new);
            for (int i = 0; i < ROUNDS; i++) {
                whole = Math.min(whole, nanoseconds(true, row, matrices));
                split = Math.min(split, nanoseconds(false, row, matrices));
            }
        }
        return whole < split;
    }

    /** Chooses the way for all products from now on. */
    static void use(boolean whole) {
        Call.of("set_whole_gemv").with("whole", whole).run();
    }

    private static long nanoseconds(boolean whole, NDArray row, NDArray... matrices) {
        use(whole);
        long began = System.nanoTime();
        for (NDArray matrix : matrices) {
            Call.of("linear").with("x", row).with("w", matrix).inferred().close();
        }
        return System.nanoTime() - began;
    }
}
