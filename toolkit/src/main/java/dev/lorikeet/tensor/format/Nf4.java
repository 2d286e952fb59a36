package dev.lorikeet.tensor.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.engine.Call;
import java.util.Optional;

/**
 * 4-bit NormalFloat (Dettmers et al. 2023, appendix E): the nearest of 16 values after division by the block's absmax, to the bit
 * as bitsandbytes computes it. Two values make a byte, the first in its upper half. Auxiliary tensors: codebook of pairs, absmax of
 * each block.
 */
public final class Nf4 extends WeightFormat {

    static final int BLOCK = 64;

    /** Bytes of {@link #codebook}: two float32 for each byte. */
    static final long CODEBOOK_BYTES = 256 * 2L * Float.BYTES;

    /** Quantiles of the normal distribution, with 0 among them. */
    private static final float[] CODEBOOK = {
        -1.0f,
        -0.6961928009986877f,
        -0.5250730514526367f,
        -0.39491748809814453f,
        -0.28444138169288635f,
        -0.18477343022823334f,
        -0.09105003625154495f,
        0.0f,
        0.07958029955625534f,
        0.16093020141124725f,
        0.24611230194568634f,
        0.33791524171829224f,
        0.44070982933044434f,
        0.5626170039176941f,
        0.7229568362236023f,
        1.0f
    };

    private static final float[] MIDPOINTS = Blocks.midpoints(CODEBOOK);

    private static final int ZERO = 7;

    Nf4() {
        super(3, "NF4");
    }

    @Override
    public long bytes(Shape shape) {
        return shape.size() / 2;
    }

    @Override
    long auxiliaryBytes(Shape shape) {
        return CODEBOOK_BYTES + shape.size() / BLOCK * Float.BYTES;
    }

    @Override
    boolean takes(NDList auxiliary, Shape shape, long groupSize) {
        return groupSize == BLOCK && auxiliary.size() == 2 && auxiliary.get(1).size() * BLOCK == shape.size();
    }

    @Override
    Optional<Quantization> quantization() {
        return Optional.of(Quantization.NF4);
    }

    @Override
    boolean fits(Shape shape) {
        return shape.dimension() == 2 && shape.get(1) % BLOCK == 0;
    }

    @Override
    QuantizedArray quantize(NDArray matrix, NDManager manager) {
        Packed packed = pack(matrix);
        NDList auxiliary = new NDList(codebook(manager), manager.create(packed.absmax()));
        NDArray qweight = QuantizedValues.of(packed.values(), DataType.UINT8, manager);
        return new QuantizedArray(Quantization.NF4.name(), this, matrix.getShape(), qweight, auxiliary, 0, BLOCK);
    }

    /** For each byte the values of its two halves: complex64 (256), by which two values are looked up at once. */
    public NDArray codebook(NDManager manager) {
        try (NDArray values = manager.create(CODEBOOK)) {
            return Call.of("pair_codebook").with("values", values).recorded();
        }
    }

    /**
     * A matrix in 4 bits.
     *
     * @param values two a byte
     * @param absmax of each block
     */
    record Packed(byte[] values, float[] absmax) {}

    static Packed pack(NDArray matrix) {
        int size = Math.toIntExact(matrix.size());
        byte[] values = new byte[size / 2];
        float[] absmax = new float[size / BLOCK];
        Blocks.forEach(matrix, BLOCK, (weights, first, count) -> {
            for (int block = 0; block < count; block++) {
                absmax[first + block] = pack(weights, block * BLOCK, values, (first + block) * (BLOCK / 2));
            }
        });
        return new Packed(values, absmax);
    }

    private static float pack(float[] weights, int from, byte[] values, int to) {
        float absmax = Blocks.absmax(weights, from, BLOCK);
        float factor = 1 / absmax;
        for (int i = 0; i < BLOCK / 2; i++) {
            int high = nearest(weights[from + 2 * i], factor);
            int low = nearest(weights[from + 2 * i + 1], factor);
            values[to + i] = (byte) (high << 4 | low);
        }
        return absmax;
    }

    private static int nearest(float weight, float factor) {
        return Float.isInfinite(factor) ? ZERO : Blocks.nearest(MIDPOINTS, weight * factor);
    }
}
