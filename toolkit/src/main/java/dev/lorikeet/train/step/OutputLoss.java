package dev.lorikeet.train.step;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.model.block.ForwardContext;
import dev.lorikeet.train.loss.Loss;

/** Turns the last layer's output of one micro-batch into a loss and its gradient. */
public interface OutputLoss {

    /** Computes the loss that evaluations report, without gradients. */
    void evaluate(NDArray hidden);

    /**
     * Computes the loss, and adds {@code factor} times its gradients to those of {@code hidden} and of parameters behind it.
     *
     * @param hidden (batch, time, width), a leaf of the graph
     */
    void accumulate(NDArray hidden, Loss minimised, double factor);

    /** The loss, a sum, and how many rows were right. */
    LossResult result();

    /** What listeners see as labels: int64 (rows), or float32 (rows, classes). */
    NDArray labels();

    /** What listeners see as logits: float32 (rows, classes). */
    NDArray logits(NDArray hidden, ForwardContext context);
}
