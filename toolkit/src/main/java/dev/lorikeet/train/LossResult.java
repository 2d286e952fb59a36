package dev.lorikeet.train;

/**
 * A model's answer to a {@link LossInput}.
 *
 * @param loss sum over the labels of their negative log-likelihood
 * @param right labels that were the likeliest
 */
record LossResult(double loss, long right) {}
