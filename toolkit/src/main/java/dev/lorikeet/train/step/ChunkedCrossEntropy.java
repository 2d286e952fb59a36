package dev.lorikeet.train.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.Autograd;
import dev.lorikeet.tensor.Ops;
import java.util.Arrays;

/**
 * Computes the model's head and the cross-entropy for a chunk of rows at a time. Only rows with a label are computed, and the
 * logits of all rows, by far the largest array in a step of a small model, never exist at once. The backward pass of each
 * chunk runs down to the last layer's output before the next chunk; the gradient of the logits reuses their memory.
 */
public final class ChunkedCrossEntropy {

    private final NDManager scope;
    private final Transformer transformer;
    private final ForwardContext context;
    private final LossInput input;
    private final int rowsAtATime;
    private final double factor;
    private double loss;
    private long correct;

    /**
     * @param scope owns the temporary arrays
     * @param rowsAtATime rows of logits in a chunk; 0: all
     * @param factor multiplies the gradient of the loss
     */
    ChunkedCrossEntropy(
            NDManager scope,
            Transformer transformer,
            ForwardContext context,
            LossInput input,
            int rowsAtATime,
            double factor) {
        this.scope = scope;
        this.transformer = transformer;
        this.context = context;
        this.input = input;
        this.rowsAtATime = rowsAtATime == 0 ? input.rows().length : rowsAtATime;
        this.factor = factor;
    }

    /** Computes the loss without gradients. */
    void evaluate(NDArray hidden) {
        chunks((rows, labels, weights) -> {
            try (NDArray logits = transformer.logits(hidden, rows, context)) {
                count(logits, labels, weights, 0);
            }
        });
    }

    /**
     * Computes the loss, and adds its gradients to those of {@code hidden} and of the head's parameters.
     *
     * @param hidden (batch, time, width), a leaf of the graph
     */
    void accumulate(NDArray hidden) {
        chunks((rows, labels, weights) -> {
            try (NDArray logits = Autograd.recorded(() -> transformer.logits(hidden, rows, context));
                    NDArray gradient = Autograd.leaf(logits, false)) {
                count(logits, labels, weights, factor);
                Autograd.backward(logits, gradient);
            }
        });
    }

    LossResult result() {
        return new LossResult(loss, correct);
    }

    private interface Chunk {
        void run(NDArray rows, NDArray labels, NDArray weights);
    }

    private void chunks(Chunk chunk) {
        int total = input.rows().length;
        for (int from = 0; from < total; from += rowsAtATime) {
            int to = Math.min(total, from + rowsAtATime);
            try (NDArray rows = scope.create(Arrays.copyOfRange(input.rows(), from, to));
                    NDArray labels = scope.create(Arrays.copyOfRange(input.labels(), from, to));
                    NDArray weights = scope.create(weights(from, to))) {
                chunk.run(rows, labels, weights);
            }
        }
    }

    /** An empty array where all labels count once. */
    private float[] weights(int from, int to) {
        return input.weights() == null ? new float[0] : Arrays.copyOfRange(input.weights(), from, to);
    }

    private void count(NDArray logits, NDArray labels, NDArray weights, double factor) {
        Ops.CrossEntropy found = Ops.crossEntropy(logits, labels, weights, factor);
        loss += found.loss();
        correct += found.correct();
    }
}
