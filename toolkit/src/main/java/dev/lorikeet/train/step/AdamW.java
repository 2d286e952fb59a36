package dev.lorikeet.train.step;

import dev.lorikeet.base.BadArgumentException;
import java.io.Serializable;

/**
 * Settings of AdamW (Loshchilov and Hutter 2019).
 *
 * @param learningRate peak of the schedule
 * @param beta1 decay rate of the mean gradient
 * @param beta2 decay rate of the mean squared gradient
 * @param epsilon added to the denominator
 * @param weightDecay decoupled weight decay: a step shrinks a weight by this share times the learning rate
 * @param decayVectors whether biases and norm weights decay as well
 * @param onHost whether the state stays in host memory, with that of one parameter at a time on the GPU; no effect on a CPU
 */
public record AdamW(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        boolean decayVectors,
        boolean onHost)
        implements Serializable {

    public AdamW {
        BadArgumentException.unless(
                isFinite(learningRate), "learning rate", learningRate, "a number of 0 or more that float32 can hold");
        BadArgumentException.unless(
                isFinite(weightDecay), "weight decay", weightDecay, "a number of 0 or more that float32 can hold");
        BadArgumentException.unless(beta1 >= 0 && beta1 < 1, "beta1", beta1, "at least 0 and less than 1");
        BadArgumentException.unless(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and less than 1");
        BadArgumentException.unless(epsilon >= 0 && epsilon <= 1, "epsilon", epsilon, "0 to 1, such as 1e-8");
    }

    private static boolean isFinite(double value) {
        return value >= 0 && value <= Float.MAX_VALUE;
    }

    /** PyTorch's defaults, except weight decay 0: β 0.9 and 0.999, ε 1e-8, decay on every parameter. */
    public static AdamW of(double learningRate) {
        return new AdamW(learningRate, 0.9, 0.999, 1e-8, 0, true, false);
    }

    public AdamW learningRate(double value) {
        return new AdamW(value, beta1, beta2, epsilon, weightDecay, decayVectors, onHost);
    }

    public AdamW betas(double first, double second) {
        return new AdamW(learningRate, first, second, epsilon, weightDecay, decayVectors, onHost);
    }

    public AdamW epsilon(double value) {
        return new AdamW(learningRate, beta1, beta2, value, weightDecay, decayVectors, onHost);
    }

    public AdamW weightDecay(double value) {
        return new AdamW(learningRate, beta1, beta2, epsilon, value, decayVectors, onHost);
    }

    /** Excludes biases and norm weights from weight decay, as transformers does. */
    public AdamW decayMatricesOnly() {
        return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, false, onHost);
    }

    /**
     * Keeps the state in host memory, like paged AdamW (Dettmers et al. 2023): saves two float32 values on the GPU for each
     * trained parameter, and copies them to the GPU and back at each step.
     */
    public AdamW paged() {
        return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, decayVectors, true);
    }
}
