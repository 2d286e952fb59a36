package dev.lorikeet.train;

import dev.lorikeet.base.BadArgumentException;

/**
 * Settings of AdamW (Loshchilov and Hutter 2019).
 *
 * @param learningRate peak of the schedule
 * @param beta1 decay of the mean gradient
 * @param beta2 decay of the mean squared gradient
 * @param epsilon added to the root
 * @param weightDecay share of a weight that goes at each step, times the learning rate
 * @param decayVectors whether biases and normalisation scales decay as well
 * @param onHost whether its state stays in the host's memory and only one parameter's is on the GPU at a time; on a CPU there
 *     is no difference
 */
public record AdamW(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        boolean decayVectors,
        boolean onHost) {

    public AdamW {
        BadArgumentException.unless(learningRate >= 0, "learning rate", learningRate, "0 or more");
        BadArgumentException.unless(weightDecay >= 0, "weight decay", weightDecay, "0 or more");
        BadArgumentException.unless(beta1 >= 0 && beta1 < 1, "beta1", beta1, "at least 0 and less than 1");
        BadArgumentException.unless(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and less than 1");
        BadArgumentException.unless(epsilon >= 0, "epsilon", epsilon, "0 or more");
    }

    /** PyTorch's defaults but for the decay, which is 0: β 0.9 and 0.999, ε 1e-8, decay on every parameter. */
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

    /** Keeps biases and normalisation scales from decaying. */
    public AdamW decayMatricesOnly() {
        return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, false, onHost);
    }

    /**
     * Keeps the state in the host's memory, as paged AdamW (Dettmers et al. 2023) lets it go there: two numbers less a trained
     * parameter on the GPU, for the time that it takes to copy them to and fro at each step.
     */
    public AdamW paged() {
        return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, decayVectors, true);
    }
}
