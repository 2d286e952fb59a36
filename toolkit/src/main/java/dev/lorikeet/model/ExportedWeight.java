package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.LorikeetException;
import java.util.List;
import java.util.function.Supplier;

/**
 * One of the weights that a model computes with, as a {@link Source} gives them.
 *
 * @param name Hugging Face's
 * @param shape of projections (out, in)
 * @param copy makes a float32 array of its numbers, whatever it is kept in, on the model's device, for the caller to close
 */
record ExportedWeight(String name, Shape shape, Supplier<NDArray> copy) {

    /**
     * All of a model with a head that writes, in the order of the layers; a tied head is its token table. A merged adapter's
     * copies are among them.
     *
     * @throws LorikeetException if a tied head and its table are no longer the same
     */
    static List<ExportedWeight> of(Transformer transformer) {
        ParameterSlot tied = transformer.config().tied() ? transformer.head().weightSlot() : null;
        if (tied != null && tied.used() != transformer.tokensSlot().used()) {
            throw new LorikeetException(
                    "The head and the token table are tied in this model's configuration, and an adapter "
                            + "brings one of them of its own: no file for other tools can hold both. Save the adapter instead");
        }
        return transformer.slots().stream()
                .filter(slot -> slot != tied)
                .map(slot -> new ExportedWeight(
                        slot.name(),
                        slot.own().getShape(),
                        () -> slot.copyUsed(slot.own().getArray().getManager())))
                .toList();
    }
}
