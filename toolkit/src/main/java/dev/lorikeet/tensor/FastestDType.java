package dev.lorikeet.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The precision in which a device multiplies fastest, found by products on it: whether a processor has the instructions for
 * bfloat16 (avx512_bf16, AMX) shows in nothing else that the engine tells.
 *
 * @param precision float32 unless another is clearly faster
 * @param ratio how many times as fast as float32 it is
 * @param device on which it was measured
 */
public record FastestDType(DType precision, double ratio, Device device) {

    /** Below this the loss of digits is not worth it. */
    private static final double CLEARLY = 1.3;

    /** A type without instructions is computed element by element, which for a large product would take seconds. */
    private static final double HOPELESS = 0.2;

    private static final Shape SMALL = new Shape(64, 256, 256);
    private static final Shape LARGE = new Shape(256, 768, 3072);
    private static final int ROUNDS = 5;

    private static final Map<Device, FastestDType> FOUND = new ConcurrentHashMap<>();

    /** Measured once a device, in about a tenth of a second. float16 is tried on GPUs alone. */
    public static FastestDType on(Device device) {
        return FOUND.computeIfAbsent(device, FastestDType::measure);
    }

    private static FastestDType measure(Device device) {
        FastestDType best = new FastestDType(DType.FLOAT32, 1, device);
        List<DType> candidates = device.isGpu() ? List.of(DType.BFLOAT16, DType.FLOAT16) : List.of(DType.BFLOAT16);
        for (DType candidate : candidates) {
            double ratio = ratio(device, candidate, SMALL) < HOPELESS ? 0 : ratio(device, candidate, LARGE);
            if (ratio >= CLEARLY * best.ratio) {
                best = new FastestDType(candidate, ratio, device);
            }
        }
        return best;
    }

    private static double ratio(Device device, DType precision, Shape shape) {
        return seconds(device, DType.FLOAT32, shape) / seconds(device, precision, shape);
    }

    /** Of the fastest of a few products (rows, inner) · (inner, columns). */
    private static double seconds(Device device, DType precision, Shape shape) {
        try (NDManager scope = Torch.manager(device)) {
            NDArray rows = scope.ones(new Shape(shape.get(0), shape.get(1)), DataType.FLOAT32);
            NDArray weight = precision.cast(scope.ones(new Shape(shape.get(2), shape.get(1)), DataType.FLOAT32));
            NDArray type = precision.zeros(scope, new Shape(0));
            NDList projection =
                    new NDList(weight, Ops.none(scope), type, QuantizedArray.plain(scope.newSubManager(Device.cpu())));
            long best = Long.MAX_VALUE;
            for (int i = 0; i <= ROUNDS; i++) {
                long began = System.nanoTime();
                try (NDArray product = DType.FLOAT32.cast(Ops.project(rows, projection, false));
                        NDArray corner = product.get("0, 0")) {
                    // Asking for a number waits for a GPU.
                    corner.getFloat();
                }
                best = Math.min(best, System.nanoTime() - began);
            }
            return best / 1e9;
        }
    }

    @Override
    public String toString() {
        return precision == DType.FLOAT32
                ? "float32, as no other type is clearly faster on " + where()
                : String.format(
                        Locale.ROOT,
                        "%s, in which products are %.1f times as fast as in float32 on %s",
                        precision,
                        ratio,
                        where());
    }

    private String where() {
        return device.isGpu() ? "this GPU" : "this CPU";
    }
}
