package dev.lorikeet.memory;

import java.io.Serializable;
import java.util.List;

/**
 * The parts of a training run's memory, in GiB (2³⁰ bytes).
 *
 * @param runtime the engine's libraries and Java
 * @param frozenWeights weights that are not trained
 * @param trainedWeights trainable weights
 * @param gradients gradients of the trainable weights
 * @param optimizerState AdamW's two moments of each trainable weight
 * @param activations tensors kept for the backward pass, and all others that live within one step
 */
public record MemoryParts(
        double runtime,
        double frozenWeights,
        double trainedWeights,
        double gradients,
        double optimizerState,
        double activations)
        implements Serializable {

    /** A part's name and size. */
    public record MemoryPart(String name, double gib) {}

    /** All parts, from lasting to short-lived. */
    public List<MemoryPart> list() {
        return List.of(
                new MemoryPart("runtime", runtime),
                new MemoryPart("frozen weights", frozenWeights),
                new MemoryPart("trained weights", trainedWeights),
                new MemoryPart("gradients", gradients),
                new MemoryPart("optimizer state", optimizerState),
                new MemoryPart("activations", activations));
    }

    /** The sum of all parts. */
    public double sum() {
        return list().stream().mapToDouble(MemoryPart::gib).sum();
    }
}
