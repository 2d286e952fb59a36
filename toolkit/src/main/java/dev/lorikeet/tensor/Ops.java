package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.engine.Call;
import dev.lorikeet.tensor.engine.TensorList;

/**
 * Operations that DJL lacks, each one call into the engine. A projection is passed as the list [weight (out, in), bias or
 * empty, an empty array of the compute dtype, the weight's descriptor and auxiliary tensors (those of its
 * {@code WeightFormat}), then for each adapter A (rank, in), B (rows, rank) and (scale, dropout, first row)]; a table as [vectors, descriptor, auxiliary tensors …]; a normalisation as [(epsilon, kind), weight,
 * perhaps bias]. Results belong to the manager of the first argument.
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
        return Call.of("project_rows")
                .with("x", x)
                .with("training", training)
                .with("projection", projection)
                .recordedIf(training);
    }

    /** Finds out, once a machine, how this CPU multiplies single rows of float32 faster. It takes a third to three quarters of a second. */
    public static boolean tuneForSingleRows() {
        return GemvTuning.WHOLE;
    }

    /** Layer normalisation of the last axis, or root-mean-square normalisation without a bias. */
    public static NDArray norm(NDArray x, NDList norm, boolean training) {
        return Call.of("norm").with("x", x).with("n", norm).recordedIf(training);
    }

    /** The transpose of a matrix, in memory of its own. */
    public static NDArray transposed(NDArray matrix) {
        return Call.of("transpose").with("x", matrix).recorded();
    }

    /**
     * Looks up token vectors.
     *
     * @param ids int64 (batch, time)
     * @param scale factor on the vectors
     * @return float32 (batch, time, width)
     */
    public static NDArray embed(NDArray ids, double scale, NDList table, boolean training) {
        return Call.of("embed")
                .with("ids", ids)
                .with("scale", scale)
                .with("table", table)
                .recordedIf(training);
    }

    /** Looks up token vectors and adds learned position vectors. */
    public static NDArray embed(
            NDArray ids, double scale, NDArray positions, NDList table, NDList positionTable, boolean training) {
        return Call.of("embed_positions")
                .with("ids", ids)
                .with("scale", scale)
                .with("positions", positions)
                .with("table", table)
                .with("position_table", positionTable)
                .recordedIf(training);
    }

    /**
     * Computes one layer.
     *
     * @param x (batch, time, width)
     * @param options float64: what the layer is made of, and where each operand begins in {@code parts}; see layer.py
     * @param parts the lists of the operands, one after the other
     * @param state [rotary table or empty, mask or empty], then with a cache [first position, keys, values]
     */
    public static NDArray layer(NDArray x, NDArray options, boolean training, NDList parts, NDList state) {
        return Call.of("one_layer")
                .with("x", x)
                .with("options", options)
                .with("all", parts)
                .with("state", state)
                .recordedIf(training);
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
        return Call.of("layers")
                .with("x", x)
                .with("options", options)
                .with("all", parts)
                .with("shared", shared)
                .with("cache", cache)
                .inferred();
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
            NDArray x, NDArray rows, boolean training, double scale, double softcap, NDList norm, NDList projection) {
        return Call.of("head")
                .with("x", x)
                .with("rows", rows)
                .with("options", new double[] {training ? 1 : 0, scale, softcap})
                .with("norm", norm)
                .with("projection", projection)
                .recordedIf(training);
    }

    /**
     * Passes rows through an encoder's pooler.
     *
     * @param x (n, width)
     * @param activation the number that layer.py has for it
     * @param norm of what it gives, or empty
     * @return (n, width)
     */
    public static NDArray pool(NDArray x, int activation, boolean training, NDList dense, NDList norm) {
        try (NDManager scope = x.getManager().newSubManager()) {
            return Call.of("pool")
                    .with("x", x)
                    .with("options", new double[] {training ? 1 : 0, activation})
                    .with("dense", dense)
                    .with("norm", orNone(norm, scope))
                    .recordedIf(training);
        }
    }

    /**
     * Computes logits of an encoder in float32. Lists may be empty where a part is lacking.
     *
     * @param x (batch, time, width)
     * @param rows int64 row numbers in (batch · time), or of texts where {@code keep} is given; null for all
     * @param keep bool (batch, time), false at padding: the mean of each text is taken; null: no mean
     * @param activation of the pooler
     * @param norm the final norm
     * @param dense the pooler's projection
     * @param poolerNorm the pooler's norm
     */
    public static NDArray encoderHead(
            NDArray x,
            NDArray rows,
            NDArray keep,
            boolean training,
            int activation,
            NDList norm,
            NDList dense,
            NDList poolerNorm,
            NDList projection) {
        try (NDManager scope = x.getManager().newSubManager()) {
            return Call.of("encoder_head")
                    .with("x", x)
                    .with("rows", rows == null ? none(scope) : rows)
                    .with("keep", keep == null ? none(scope) : keep)
                    .with("options", new double[] {training ? 1 : 0, activation})
                    .with("norm", orNone(norm, scope))
                    .with("dense", orNone(dense, scope))
                    .with("pooler_norm", orNone(poolerNorm, scope))
                    .with("projection", projection)
                    .recordedIf(training);
        }
    }

    /** A call that may be recorded takes no empty list. */
    private static NDList orNone(NDList list, NDManager scope) {
        return list.isEmpty() ? new NDList(none(scope)) : list;
    }

    /**
     * A vector for each text, in float32.
     *
     * @param x (batch, time, width)
     * @param keep bool (batch, time), false at the padding after a text
     * @param pooling 0: the mean of the tokens, 1: the first token, 2: the last one
     * @param normalized whether vectors are scaled to length 1
     * @return (batch, width)
     */
    public static NDArray textVectors(NDArray x, NDArray keep, int pooling, boolean normalized) {
        return Call.of("text_vectors")
                .with("x", x)
                .with("keep", keep)
                .with("settings", new long[] {pooling, normalized ? 1 : 0})
                .recorded();
    }

    /**
     * Cosines and sines (2, batch, 1, time, rotated width) of positions (batch, time) times frequencies (rotated width / 2); the
     * first half of the sines has the other sign. For single tokens the matrices (batch, head width, head width) that rotate a row.
     *
     * @param magnitude factor on cosines and sines
     */
    public static NDArray rope(NDArray positions, NDArray frequencies, int headDim, double magnitude) {
        return Call.of("rope")
                .with("positions", positions)
                .with("frequencies", frequencies)
                .with("settings", new double[] {headDim, magnitude})
                .recorded();
    }

    /**
     * An additive mask (batch, 1, queries, keys) for attention: 0 where a query may look, -∞ elsewhere.
     *
     * @param keep bool (batch, keys), false at padding; the queries are the last of the keys
     * @param window how many keys a query may look at, the last of them its own
     */
    public static NDArray causalMask(NDArray keep, long queries, long window) {
        return Call.of("causal_mask")
                .with("keep", keep)
                .with("counts", new long[] {queries, window})
                .recorded();
    }

    /**
     * An additive mask for attention in an encoder, (batch, 1, 1, time) or with a window (batch, 1, time, time): 0 where a token may
     * look, -∞ elsewhere.
     *
     * @param keep bool (batch, time), false at padding
     * @param window a token sees those that are nearer than this, before and after it
     */
    public static NDArray maskBothWays(NDArray keep, long window) {
        return Call.of("mask_both_ways")
                .with("keep", keep)
                .with("window", window)
                .recorded();
    }

    /**
     * An additive mask (batch, 1, time, time) for attention within packed rows: 0 at earlier tokens of the same segment and
     * at the token itself, -∞ elsewhere.
     *
     * @param segments int64 (batch, time), equal where tokens belong together
     * @param window how many tokens a token may look at, itself the last of them
     */
    public static NDArray segmentMask(NDArray segments, long window) {
        return Call.of("segment_mask")
                .with("segments", segments)
                .with("window", window)
                .recorded();
    }

    /** How many tokens of its own segment come before each token, int64 (batch, time); see {@link #segmentMask}. */
    public static NDArray segmentPositions(NDArray segments) {
        return Call.of("segment_positions").with("segments", segments).recorded();
    }

    /**
     * The summed loss of rows of logits.
     *
     * @param loss sum over the rows of -log softmax(logits)[label], each times the row's weight
     * @param correct rows whose label has the highest logit
     */
    public record LossSums(double loss, long correct) {}

    /**
     * The cross-entropy of some rows. The logits are used up: with a {@code gradientScale} other than 0 they hold afterwards the
     * gradient of gradientScale times the loss, so that the whole takes the memory of the logits alone.
     *
     * @param logits float32 (rows, classes)
     * @param labels int64 (rows)
     * @param weights float32 (rows), or of length 0: all rows count once
     */
    public static LossSums crossEntropy(NDArray logits, NDArray labels, NDArray weights, double gradientScale) {
        try (NDArray sums = Call.of("cross_entropy")
                .with("logits", logits)
                .with("labels", labels)
                .with("weights", weights)
                .with("gradient_scale", gradientScale)
                .recorded()) {
            float[] values = sums.toFloatArray();
            return new LossSums(values[0], (long) values[1]);
        }
    }

    /** Arrays of any type, concatenated along the first axis. */
    public static NDArray concatRows(NDManager manager, NDList arrays) {
        return Call.of("concat_rows").with("arrays", arrays).owner(manager).inferred();
    }

    /** The memory of arrays of any type, in bytes. */
    public static long bytes(NDList arrays) {
        return Call.of("byte_count").with("arrays", arrays).inferredLong();
    }

    /** The Euclidean norm of all elements of all arrays. */
    public static float globalNorm(NDList arrays) {
        try (NDArray norm = Call.of("global_norm")
                .with("arrays", arrays)
                .owner(Torch.host())
                .inferred()) {
            return norm.getFloat();
        }
    }

    /** How many elements of all arrays, of any types, are NaN or infinite. */
    public static long countNonFinite(NDList arrays) {
        return Call.of("count_non_finite").with("arrays", arrays).inferredLong();
    }

    /**
     * One AdamW update in place (Loshchilov and Hutter 2019, algorithm 2, as PyTorch orders it); zeroes the gradients.
     *
     * @param settings learning rate, β₁, β₂, ε, decay, step number from 1, divisor of the gradients
     */
    public static void adamw(double[] settings, NDList weights, NDList gradients, NDList means, NDList variances) {
        Call.of("adamw")
                .with("settings", settings)
                .with("weights", weights)
                .with("gradients", gradients)
                .with("means", means)
                .with("variances", variances)
                .run();
    }

    /** Overwrites an array with the values of another one of its shape, which may be of another type. */
    public static void assign(NDArray target, NDArray source) {
        Call.of("assign").with("target", target).with("source", source).run();
    }

    /** weight[firstRow …] += scale · BA, in place, computed in float32; the weight may be of any {@link DType}. */
    public static void addProduct(NDArray weight, NDArray a, NDArray b, double scale, long firstRow) {
        Call.of("add_product")
                .with("w", weight)
                .with("a", a)
                .with("b", b)
                .with("scale", scale)
                .with("first_row", firstRow)
                .run();
    }

    /**
     * The singular values of a matrix, the largest first: float64. How many are not zero is its rank.
     *
     * @param matrix (rows, columns)
     */
    public static NDArray singularValues(NDArray matrix) {
        return Call.of("singular_values").with("matrix", matrix).recorded();
    }

    /**
     * The matrix of a rank that is nearest to a matrix (Eckart and Young 1936): float32, of its shape.
     *
     * @param rank at least 1; at most the smaller side
     */
    public static NDArray lowRank(NDArray matrix, int rank) {
        long most = Math.min(matrix.getShape().get(0), matrix.getShape().get(1));
        BadArgumentException.unless(rank > 0 && rank <= most, "rank", rank, "1 to " + most);
        return Call.of("low_rank").with("matrix", matrix).with("rank", rank).recorded();
    }
}
