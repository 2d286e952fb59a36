package dev.lorikeet.memory;

import java.util.List;

/**
 * Of what the memory of a training run is made, in GiB (2³⁰ bytes).
 *
 * @param runtime the engine's libraries and Java
 * @param frozenWeights weights that training leaves alone
 * @param trainedWeights weights that it changes
 * @param gradients of those
 * @param optimizerState two numbers for each of those
 * @param activations what is held for the backward pass, and all other arrays that come and go within a step
 */
public record MemoryParts(
        double runtime,
        double frozenWeights,
        double trainedWeights,
        double gradients,
        double optimizerState,
        double activations) {

    /** One of them. */
    public record Part(String name, double gib) {}

    /** All, from what stays to what comes and goes. */
    public List<Part> list() {
        return List.of(
                new Part("runtime", runtime),
                new Part("frozen weights", frozenWeights),
                new Part("trained weights", trainedWeights),
                new Part("gradients", gradients),
                new Part("optimizer state", optimizerState),
                new Part("activations", activations));
    }

    /** All together. */
    public double sum() {
        return list().stream().mapToDouble(Part::gib).sum();
    }
}
