package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.block.ParameterSlot.ParameterOverride;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * The adapters that are merged into a projection's weight. A weight that is also the token table, and one that an adapter brings,
 * stay as they are: the products are added to a copy that takes their place in the slot.
 */
final class MergedAdapters {

    private final Weight weight;
    private final ParameterSlot slot;
    private final List<LoraWeights> merged = new ArrayList<>();
    private ParameterOverride copy;
    private ParameterOverride copied;

    /** @param slot where the projection uses the weight */
    MergedAdapters(Weight weight, ParameterSlot slot) {
        this.weight = weight;
        this.slot = slot;
    }

    boolean isEmpty() {
        return merged.isEmpty();
    }

    /** Throws if the weight in use is another adapter's: whichever adapter were taken off first, the other would lose its part. */
    void check(LoraWeights lora) {
        ParameterOverride used = copy == null ? slot.override().orElse(null) : copied;
        if (used != null && !used.adapter().equals(lora.adapter())) {
            throw new LorikeetException(
                    ("The adapter \"%s\" cannot be merged: the adapter \"%s\" brings the %s that the model computes with. Take \"%2$s\" "
                                    + "off first, or save the merged model, load it and put \"%1$s\" on it")
                            .formatted(lora.adapter(), used.adapter(), slot.name()));
        }
    }

    /** Adds an adapter's product. A quantized weight is dequantized to {@code dtype} first; the quantized one is kept. */
    void add(LoraWeights lora, DType dtype) {
        check(lora);
        if (copy == null && (weight.isShared() || slot.override().isPresent())) {
            useCopy(lora.adapter(), dtype);
        }
        if (copy == null) {
            weight.dequantize(dtype);
        }
        merged.add(lora);
        addProduct(lora, 1);
    }

    /** Undoes {@link #add}: up to rounding for a dense weight of the projection's own, else to the last bit. */
    void remove(LoraWeights lora, DType dtype) {
        merged.remove(lora);
        if (copy != null) {
            dropCopy();
        } else if (!weight.restoreQuantized()) {
            addProduct(lora, -1);
            return;
        }
        List<LoraWeights> others = List.copyOf(merged);
        merged.clear();
        others.forEach(other -> add(other, dtype));
    }

    private void useCopy(String adapter, DType dtype) {
        copied = slot.override().orElse(null);
        NDArray array = copied == null
                ? weight.dequantized(slot.own().getArray().getManager(), dtype)
                : slot.copyUsed(copied.parameter().getArray().getManager());
        copy = new ParameterOverride(adapter, Parameters.frozen(slot.name(), array));
        put(copied, copy);
    }

    private void dropCopy() {
        put(copy, copied);
        copy.parameter().close();
        copy = null;
        copied = null;
    }

    private void put(ParameterOverride before, ParameterOverride after) {
        slot.remove(before);
        if (after != null) {
            slot.put(after);
        }
    }

    private void addProduct(LoraWeights lora, int sign) {
        Ops.addProduct(
                (copy == null ? weight.parameter() : copy.parameter()).getArray(),
                lora.a().getArray(),
                lora.b().getArray(),
                sign * lora.scale(),
                lora.firstRow());
    }
}
