package dev.lorikeet.train.step;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.input.StateRows;
import dev.lorikeet.tensor.Autograd;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.train.loss.CrossEntropy;
import dev.lorikeet.train.loss.Loss;
import java.util.Arrays;

/**
 * Computes the model's head and the loss for a chunk of rows at a time. Only rows with a label are computed, and the logits of
 * all rows, by far the largest array in a step of a small model, never exist at once. The backward pass of each chunk runs down to
 * the last layer's output before the next chunk; the gradient of the cross-entropy reuses the memory of the logits.
 */
final class ChunkedLoss implements OutputLoss {

    private final NDManager scope;
    private final Transformer transformer;
    private final ForwardContext context;
    private final RowInput input;
    private final StateRows states;
    private final int rowsAtATime;
    private double loss;
    private double correct;

    /**
     * @param scope owns the temporary arrays
     * @param rowsAtATime rows of logits in a chunk; 0: all
     */
    ChunkedLoss(NDManager scope, Transformer transformer, ForwardContext context, RowInput input, int rowsAtATime) {
        this.scope = scope;
        this.transformer = transformer;
        this.context = context;
        this.input = input;
        this.states = input.states();
        this.rowsAtATime = rowsAtATime == 0 ? input.rows().length : rowsAtATime;
    }

    @Override
    public void evaluate(NDArray hidden) {
        Loss reported = input.labels().reported();
        chunks((rows, labels, weights) -> {
            try (NDArray logits = transformer.logits(hidden, rows, context)) {
                if (reported instanceof CrossEntropy) {
                    count(logits, labels, weights, 0);
                } else {
                    loss += reported.of(logits, labels).sum().getFloat();
                    correct += input.labels().correct(logits, labels);
                }
            }
        });
    }

    @Override
    public void accumulate(NDArray hidden, Loss minimised, double factor) {
        chunks((rows, labels, weights) -> {
            try (NDArray logits = Autograd.recorded(() -> transformer.logits(hidden, rows, context))) {
                if (minimised instanceof CrossEntropy) {
                    crossEntropy(logits, labels, weights, factor);
                } else {
                    any(minimised, logits, labels, weights, factor);
                }
            }
        });
    }

    @Override
    public LossResult result() {
        return new LossResult(loss, correct);
    }

    @Override
    public NDArray labels() {
        return input.labels().array(scope, 0, input.rows().length);
    }

    @Override
    public NDArray logits(NDArray hidden, ForwardContext pass) {
        return transformer.logits(hidden, states.range(scope, 0, input.rows().length), pass);
    }

    private interface Chunk {
        void run(NDArray rows, NDArray labels, NDArray weights);
    }

    private void chunks(Chunk chunk) {
        int total = input.rows().length;
        for (int from = 0; from < total; from += rowsAtATime) {
            int to = Math.min(total, from + rowsAtATime);
            try (NDArray rows = states.range(scope, from, to);
                    NDArray labels = input.labels().array(scope, from, to);
                    NDArray weights = scope.create(weights(from, to))) {
                chunk.run(rows, labels, weights);
            }
        }
    }

    /** An empty array where all labels count once. */
    private float[] weights(int from, int to) {
        return input.weights() == null ? new float[0] : Arrays.copyOfRange(input.weights(), from, to);
    }

    private void crossEntropy(NDArray logits, NDArray labels, NDArray weights, double factor) {
        try (NDArray gradient = Autograd.leaf(logits, false)) {
            count(logits, labels, weights, factor);
            Autograd.backward(logits, gradient);
        }
    }

    private void count(NDArray logits, NDArray labels, NDArray weights, double factor) {
        Ops.LossSums found = Ops.crossEntropy(logits, labels, weights, factor);
        loss += found.loss();
        correct += found.correct();
    }

    /** What the loss computes is freed with the chunk. */
    private void any(Loss minimised, NDArray logits, NDArray labels, NDArray weights, double factor) {
        try (NDManager chunk = scope.newSubManager()) {
            logits.attach(chunk);
            labels.attach(chunk);
            NDArray sum = Autograd.recorded(() -> {
                NDArray rows = checked(
                        minimised.of(logits, labels),
                        new Shape(labels.getShape().get(0)));
                return (weights.isEmpty() ? rows : rows.mul(weights)).sum();
            });
            backward(sum, chunk.create((float) factor));
            loss += sum.getFloat();
            correct += input.labels().correct(logits, labels);
        }
    }

    private static void backward(NDArray sum, NDArray gradient) {
        try {
            Autograd.backward(sum, gradient);
        } catch (EngineException e) {
            // The engine knows whether the sum depends on the logits, and says it in this way alone.
            BadArgumentException.unless(
                    !String.valueOf(e.getMessage()).contains("does not require grad"),
                    "loss",
                    "a constant",
                    "a loss that is computed from the logits");
            throw e;
        }
    }

    private static NDArray checked(NDArray rows, Shape expected) {
        BadArgumentException.required(rows, "loss");
        BadArgumentException.unless(
                rows.getShape().equals(expected),
                "shape of the loss",
                rows.getShape(),
                expected + ", a loss for each row of the logits");
        return rows;
    }
}
