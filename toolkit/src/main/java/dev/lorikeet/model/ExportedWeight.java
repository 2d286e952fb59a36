package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Supplier;

/**
 * One of a model's own weights, as a {@link Source} gives them.
 *
 * @param name Hugging Face's
 * @param shape of projections (out, in)
 * @param copy makes a float32 array of its numbers, whatever it is kept in, on the model's device, for the caller to close
 */
record ExportedWeight(String name, Shape shape, Supplier<NDArray> copy) {

    /** All of a model with a head that writes, adapters aside, in the order of the layers; a tied head is its token table. */
    static List<ExportedWeight> of(Transformer transformer) {
        Slot tied = transformer.config().tied() ? transformer.head().weightSlot() : null;
        return transformer.slots().stream()
                .filter(slot -> slot != tied)
                .map(slot -> new ExportedWeight(
                        slot.name(),
                        slot.own().getShape(),
                        () -> slot.copy(slot.own().getArray().getManager())))
                .toList();
    }
}
