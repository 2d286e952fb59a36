package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.engine.Backend;
import dev.lorikeet.tensor.engine.Backend.Operation;
import dev.lorikeet.tensor.engine.Call;
import java.util.List;

/** Times products in each dtype, for a device that does not tell its instructions. It takes about a tenth of a second. */
final class DTypeTiming {

    /** Below this the loss of digits is not worth it. */
    private static final double CLEARLY = 1.3;

    /** A type without instructions is computed element by element, which for a large product would take seconds. */
    private static final double HOPELESS = 0.2;

    private static final Shape SMALL = new Shape(64, 256, 256);
    private static final Shape LARGE = new Shape(256, 768, 3072);
    private static final int ROUNDS = 5;

    private DTypeTiming() {}

    /** float32, unless another is clearly faster. */
    static DType fastest(Device device) {
        DType best = DType.FLOAT32;
        double fastest = 1;
        List<DType> candidates = new Backend(device).supports(Operation.FLOAT16_MATMUL)
                ? List.of(DType.BFLOAT16, DType.FLOAT16)
                : List.of(DType.BFLOAT16);
        for (DType candidate : candidates) {
            double ratio = ratio(device, candidate, SMALL) < HOPELESS ? 0 : ratio(device, candidate, LARGE);
            if (ratio >= CLEARLY * fastest) {
                best = candidate;
                fastest = ratio;
            }
        }
        return best;
    }

    private static double ratio(Device device, DType dtype, Shape shape) {
        return seconds(device, DType.FLOAT32, shape) / seconds(device, dtype, shape);
    }

    /** The fastest of a few products (rows, inner) · (inner, columns). */
    private static double seconds(Device device, DType dtype, Shape shape) {
        try (NDManager scope = Torch.manager(device)) {
            NDArray rows = scope.ones(new Shape(shape.get(0), shape.get(1)), DataType.FLOAT32);
            NDArray weight = dtype.cast(scope.ones(new Shape(shape.get(2), shape.get(1)), DataType.FLOAT32));
            long best = Long.MAX_VALUE;
            for (int i = 0; i <= ROUNDS; i++) {
                long began = System.nanoTime();
                try (NDArray x = dtype.cast(rows);
                        NDArray product =
                                Call.of("linear").with("x", x).with("w", weight).inferred();
                        NDArray wide = DType.FLOAT32.cast(product);
                        NDArray corner = wide.get("0, 0")) {
                    // Asking for a value waits for a GPU.
                    corner.getFloat();
                }
                best = Math.min(best, System.nanoTime() - began);
            }
            return best / 1e9;
        }
    }
}
