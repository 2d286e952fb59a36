package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import java.util.List;

/**
 * Operations that DJL lacks, each one call into the engine. A projection is passed as the list [weight (out, in), bias or
 * empty, an array of the type in which it multiplies, form of the weight and its constants
 * ({@link QuantizedArray#rest}), then for each adapter A (rank, in), B (rows, rank) and (scale, dropout, first row)]; a table
 * as [vectors, form and constants]; a normalisation as [(epsilon, kind), weight, perhaps bias]. Results belong to the manager of the
 * first argument.
 *
 * <p>In bfloat16 on a CPU, up to 512 tokens, attention has its value from the engine's fused operation and its gradients from
 * the two products that it is made of: the engine's own backward pass takes three times as long there.
 */
public final class Ops {

    private Ops() {}

    /** An array of no elements, which stands for an optional argument left out. */
    public static NDArray none(NDManager manager) {
        return manager.create(new Shape(0));
    }

    /** y = xWᵀ + b + Σ scale · dropout(x)AᵀBᵀ; x (n, in) to (n, out). */
    public static NDArray project(NDArray x, NDList projection, boolean training) {
        try (NDArray flag = Torch.host().create(training)) {
            return TorchScript.call("project_rows", training, new NDList(x, flag), projection);
        }
    }

    /** Finds out, once a process, how this CPU multiplies single rows of float32 faster. It takes a third to three quarters of a second. */
    public static boolean tuneForSingleRows() {
        return RowProduct.AT_ONCE;
    }

    /** Layer normalisation of the last axis, or root-mean-square normalisation without a bias. */
    public static NDArray norm(NDArray x, NDList norm, boolean training) {
        return TorchScript.call("norm", training, new NDList(x), norm);
    }

    /** The transpose of a matrix, in memory of its own. */
    public static NDArray transposed(NDArray matrix) {
        return TorchScript.call("transposed", true, new NDList(matrix));
    }

    /**
     * Looks up token vectors.
     *
     * @param ids int64 (batch, time)
     * @param scale factor on the vectors
     * @return float32 (batch, time, width)
     */
    public static NDArray embed(NDArray ids, double scale, NDList table, boolean training) {
        try (NDArray by = Torch.host().create(scale)) {
            return TorchScript.call("embed", training, new NDList(ids, by), table);
        }
    }

    /** Looks up token vectors and adds learned position vectors. */
    public static NDArray embed(
            NDArray ids, double scale, NDArray positions, NDList table, NDList positionTable, boolean training) {
        try (NDArray by = Torch.host().create(scale)) {
            return TorchScript.call("embed_positions", training, new NDList(ids, by, positions), table, positionTable);
        }
    }

    /**
     * Computes one decoder layer.
     *
     * @param x (batch, time, width)
     * @param options float64: what the layer is made of, and where each operand begins in {@code parts}; see layer.py
     * @param parts the lists of the operands, one after the other
     * @param state [rotary table or empty, mask or empty], then with a cache [first position, keys, values]
     */
    public static NDArray layer(NDArray x, NDArray options, boolean training, NDList parts, NDList state) {
        return TorchScript.call("one_layer", training, new NDList(x, options), parts, state);
    }

    /**
     * Computes all layers, one after the other, in a pass that autograd does not record.
     *
     * @param x (batch, time, width)
     * @param options a row for each layer, as in {@link #layer}
     * @param parts the lists of the operands of all layers, one after the other
     * @param shared rotary table and mask of each view that layers have, then with a cache the first position
     * @param cache the keys and values of each layer, or empty
     */
    public static NDArray layers(NDArray x, NDArray options, TensorList parts, NDList shared, TensorList cache) {
        try (TensorList common = TensorList.of(shared)) {
            return TorchScript.infer("layers", new NDList(x, options), parts, common, cache);
        }
    }

    /**
     * Normalises the chosen rows and projects them to logits in float32.
     *
     * @param x (batch, time, width)
     * @param rows int64 row numbers in the flattened (batch · time, width), or empty for all
     * @param scale factor on the logits
     * @param softcap logits become softcap · tanh(logits / softcap); 0 leaves them as they are
     */
    public static NDArray head(
            NDArray x,
            NDArray rows,
            boolean training,
            double scale,
            double softcap,
            NDList norm,
            NDList projection) {
        try (NDArray options = Torch.host().create(new double[] {training ? 1 : 0, scale, softcap})) {
            return TorchScript.call("head", training, new NDList(x, rows, options), norm, projection);
        }
    }

    /**
     * Cosines and sines (2, batch, 1, time, rotated width) of positions (batch, time) times frequencies (rotated width / 2); the
     * first half of the sines has the other sign. For single tokens the matrices (batch, head width, head width) that rotate a row.
     *
     * @param magnitude factor on cosines and sines
     */
    public static NDArray rope(NDArray positions, NDArray frequencies, int headWidth, double magnitude) {
        try (NDArray settings = Torch.host().create(new double[] {headWidth, magnitude})) {
            return TorchScript.call("rope", true, new NDList(positions, frequencies, settings));
        }
    }

    /**
     * An additive mask (batch, 1, queries, keys) for attention: 0 where a query may look, -∞ elsewhere.
     *
     * @param keep bool (batch, keys), false at padding; the queries are the last of the keys
     * @param window how many keys a query may look at, the last of them its own
     */
    public static NDArray causalMask(NDArray keep, long queries, long window) {
        try (NDArray counts = Torch.host().create(new long[] {queries, window})) {
            return TorchScript.call("causal_mask", true, new NDList(keep, counts));
        }
    }

    /**
     * An additive mask (batch, 1, time, time) for attention within packed rows: 0 at earlier tokens of the same segment and
     * at the token itself, -∞ elsewhere.
     *
     * @param segments int64 (batch, time), equal where tokens belong together
     * @param window how many tokens a token may look at, itself the last of them
     */
    public static NDArray segmentMask(NDArray segments, long window) {
        try (NDArray count = Torch.host().create(window)) {
            return TorchScript.call("segment_mask", true, new NDList(segments, count));
        }
    }

    /** How many tokens of its own segment come before each token, int64 (batch, time); see {@link #segmentMask}. */
    public static NDArray segmentPositions(NDArray segments) {
        return TorchScript.call("segment_positions", true, new NDList(segments));
    }

    /**
     * What the rows of logits lose against their labels.
     *
     * @param loss sum over the rows of -log softmax(logits)[label]
     * @param right rows whose label has the highest logit
     */
    public record CrossEntropy(double loss, long right) {}

    /**
     * The loss of some rows. The logits are used up: with a {@code factor} other than 0 they hold afterwards the gradient of
     * factor times the loss, so that the whole takes the memory of the logits alone.
     *
     * @param logits float32 (rows, classes)
     * @param labels int64 (rows)
     */
    public static CrossEntropy crossEntropy(NDArray logits, NDArray labels, double factor) {
        try (NDArray by = Torch.host().create(factor);
                NDArray sums = TorchScript.call("cross_entropy", true, new NDList(logits, labels, by))) {
            float[] values = sums.toFloatArray();
            return new CrossEntropy(values[0], (long) values[1]);
        }
    }

    /** For each byte the values of its upper and its lower half: complex64 (256), by which two codes are looked up at once. */
    static NDArray pairTable(NDManager manager, float[] values) {
        try (NDArray sixteen = manager.create(values)) {
            return TorchScript.call("pair_table", true, new NDList(sixteen));
        }
    }

    /** The numbers that codes and constants stand for; see {@link QuantizedArray}. */
    static NDArray dequantized(NDManager manager, NDArray form, DType precision, NDList numbers) {
        try (NDArray like = manager.create(0f);
                NDArray type = Torch.host().create(precision.code())) {
            return TorchScript.call("dequantized", true, new NDList(like, form, type), numbers);
        }
    }

    /**
     * Puts in each target the numbers that a quantised weight stands for. Autograd does not notice: it takes what is in a target
     * when the backward pass comes by.
     *
     * @param targets of the weights' shapes
     * @param weights for each target its codes, their form and its constants; see {@link QuantizedArray#rest}
     */
    public static void widen(NDList targets, NDList weights) {
        try (NDArray like = Torch.host().create(0f)) {
            TorchScript.call("widen", true, new NDList(like), targets, weights).close();
        }
    }

    /**
     * Codes of 4 bits in the order in which the engine multiplies by them, which depends on the CPU; those of several matrices one
     * below the other.
     *
     * @param half 2 for the upper halves of codes of 8 bits, 1 for the lower ones and for codes of 4 bits
     */
    static NDArray packedCodes(NDManager manager, List<QuantizedArray> matrices, int half) {
        return packed("packed_codes", manager, matrices, half);
    }

    /** What belongs to {@link #packedCodes}: (columns / block, rows, 2), the scale and the number for code 8, in bfloat16. */
    static NDArray packedScales(NDManager manager, List<QuantizedArray> matrices, int half) {
        return packed("packed_scales", manager, matrices, half);
    }

    private static NDArray packed(String method, NDManager manager, List<QuantizedArray> matrices, int half) {
        NDList weights = new NDList();
        matrices.forEach(matrix -> weights.addAll(matrix.parts()));
        try (NDArray like = manager.create(0f);
                NDArray which = Torch.host().create(half)) {
            return TorchScript.call(method, false, new NDList(like, which), weights);
        }
    }

    /** Arrays one below the other, of any type. */
    public static NDArray below(NDManager manager, NDList arrays) {
        try (NDArray like = manager.create(0f)) {
            return TorchScript.call("below", false, new NDList(like), arrays);
        }
    }

    /** The memory of arrays of any type, in bytes. */
    public static long bytes(NDList arrays) {
        if (arrays.isEmpty()) {
            return 0;
        }
        try (NDArray first = Torch.host().create(0f);
                NDArray count = TorchScript.call("byte_count", true, new NDList(first), arrays)) {
            return count.getLong();
        }
    }

    /** The Euclidean norm of all elements of all arrays. */
    public static float globalNorm(NDList arrays) {
        try (NDArray first = Torch.host().create(0f);
                TensorList list = TensorList.of(arrays);
                NDArray norm = TorchScript.infer("global_norm", new NDList(first), list)) {
            return norm.getFloat();
        }
    }

    /** The sum of the squares of all elements of all arrays, of any types, added up in float64 a few rows at a time. */
    public static double squareSum(NDList arrays) {
        try (NDArray first = Torch.host().create(0f);
                NDArray sum = TorchScript.call("square_sum", false, new NDList(first), arrays)) {
            return sum.getDouble();
        }
    }

    /**
     * One AdamW update in place (Loshchilov and Hutter 2019, algorithm 2, as PyTorch orders it); zeroes the gradients.
     *
     * @param settings learning rate, β₁, β₂, ε, decay, step number from 1, divisor of the gradients
     */
    public static void adamw(double[] settings, NDList weights, NDList gradients, NDList means, NDList variances) {
        try (NDArray values = Torch.host().create(settings);
                TensorList w = TensorList.of(weights);
                TensorList g = TensorList.of(gradients);
                TensorList m = TensorList.of(means);
                TensorList v = TensorList.of(variances)) {
            TorchScript.infer("adamw", new NDList(values), w, g, m, v).close();
        }
    }

    /** Overwrites an array with the numbers of another one of its shape, which may be of another type. */
    public static void assign(NDArray target, NDArray source) {
        try (NDArray first = Torch.host().create(0f)) {
            TorchScript.call("assign", false, new NDList(first), new NDList(target, source))
                    .close();
        }
    }

    /** weight[firstRow …] += scale · BA, in place, computed in float32; the weight may be of any {@link DType}. */
    public static void addProduct(NDArray weight, NDArray a, NDArray b, double scale, long firstRow) {
        try (NDArray values = Torch.host().create(new double[] {scale, firstRow})) {
            TorchScript.call("add_product", false, new NDList(values), new NDList(weight, a, b))
                    .close();
        }
    }

    /**
     * The singular values of a matrix, the largest first: float64. How many are not zero is its rank.
     *
     * @param matrix (rows, columns)
     */
    public static NDArray singularValues(NDArray matrix) {
        return TorchScript.call("singular_values", true, new NDList(matrix));
    }

    /**
     * The matrix of a rank that is nearest to a matrix (Eckart and Young 1936): float32, of its shape.
     *
     * @param rank at least 1; at most the smaller side
     */
    public static NDArray lowRank(NDArray matrix, int rank) {
        long most = Math.min(matrix.getShape().get(0), matrix.getShape().get(1));
        BadArgumentException.unless(rank > 0 && rank <= most, "rank", rank, "1 to " + most);
        try (NDArray r = Torch.host().create(rank)) {
            return TorchScript.call("low_rank", true, new NDList(matrix, r));
        }
    }
}
