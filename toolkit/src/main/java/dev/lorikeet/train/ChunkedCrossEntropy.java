package dev.lorikeet.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.ForwardContext;
import dev.lorikeet.model.Transformer;
import dev.lorikeet.tensor.Autograd;
import dev.lorikeet.tensor.Ops;
import java.util.Arrays;

/**
 * A model's head and the cross-entropy of what it says, some rows at a time: only rows that have a label are computed, and
 * the logits of all of them, by far the largest array of a small model's step, never exist together. Each chunk goes back to
 * the last layer's output before the next one comes, its gradient in the memory of its logits.
 */
final class ChunkedCrossEntropy {

    private final NDManager scope;
    private final Transformer transformer;
    private final ForwardContext pass;
    private final LossInput question;
    private final int rowsAtATime;
    private final double factor;
    private double loss;
    private long right;

    /**
     * @param scope owns what is made on the way
     * @param rowsAtATime rows of logits that are held; 0: all
     * @param factor on the gradient of the loss
     */
    ChunkedCrossEntropy(
            NDManager scope,
            Transformer transformer,
            ForwardContext pass,
            LossInput question,
            int rowsAtATime,
            double factor) {
        this.scope = scope;
        this.transformer = transformer;
        this.pass = pass;
        this.question = question;
        this.rowsAtATime = rowsAtATime == 0 ? question.rows().length : rowsAtATime;
        this.factor = factor;
    }

    /** Answers only. */
    void score(NDArray hidden) {
        chunks((rows, labels) -> {
            try (NDArray logits = transformer.logits(hidden, rows, pass)) {
                count(logits, labels, 0);
            }
        });
    }

    /**
     * Answers, and adds the gradients of {@code hidden} and of the head's parameters.
     *
     * @param hidden (batch, time, width), a leaf
     */
    void add(NDArray hidden) {
        chunks((rows, labels) -> {
            try (NDArray logits = Autograd.recorded(() -> transformer.logits(hidden, rows, pass));
                    NDArray gradient = Autograd.leaf(logits, false)) {
                count(logits, labels, factor);
                Autograd.backward(logits, gradient);
            }
        });
    }

    LossResult answer() {
        return new LossResult(loss, right);
    }

    private interface Chunk {
        void run(NDArray rows, NDArray labels);
    }

    private void chunks(Chunk chunk) {
        int all = question.rows().length;
        for (int from = 0; from < all; from += rowsAtATime) {
            int to = Math.min(all, from + rowsAtATime);
            try (NDArray rows = scope.create(Arrays.copyOfRange(question.rows(), from, to));
                    NDArray labels = scope.create(Arrays.copyOfRange(question.labels(), from, to))) {
                chunk.run(rows, labels);
            }
        }
    }

    private void count(NDArray logits, NDArray labels, double factor) {
        Ops.CrossEntropy found = Ops.crossEntropy(logits, labels, factor);
        loss += found.loss();
        right += found.correct();
    }
}
