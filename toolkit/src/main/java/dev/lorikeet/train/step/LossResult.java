package dev.lorikeet.train.step;

/**
 * The loss of a {@link LossInput}.
 *
 * @param loss sum of the labels' negative log-likelihoods, each times the label's weight
 * @param correct labels to which the model gave the highest probability
 */
public record LossResult(double loss, long correct) {}
