package dev.lorikeet.model.block;

import ai.djl.ndarray.NDList;
import dev.lorikeet.base.NonFiniteException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import java.util.Optional;
import java.util.function.Supplier;

/** Refuses values that are NaN or infinite, and says which weights they come from. */
public final class FiniteCheck {

    private FiniteCheck() {}

    /**
     * Checks a row of logits, of which nothing can be chosen if one is NaN or infinite; -∞ stands for an entry that is ruled out.
     *
     * @param what the logits, such as "The logits of gpt2 after 3 tokens"
     * @throws NonFiniteException that names the first weight which holds such values
     */
    public static void logits(float[] row, Transformer transformer, Supplier<String> what) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            if (!(logit < Float.POSITIVE_INFINITY)) {
                throw notFinite(what.get(), transformer);
            }
            largest = Math.max(largest, logit);
        }
        if (largest == Float.NEGATIVE_INFINITY) {
            throw notFinite(what.get(), transformer);
        }
    }

    /** The error for values that are not finite, with the weight that they come from. */
    public static NonFiniteException notFinite(String what, Transformer transformer) {
        String origin = weights(transformer)
                .map(weight -> weight + ": its file is damaged, or its training diverged")
                .orElseGet(() -> "all weights are finite, so a value was too large for " + transformer.computeDtype()
                        + (transformer.computeDtype() == DType.FLOAT32
                                ? ""
                                : "; computeDtype(DType.FLOAT32) has more digits"));
        return new NonFiniteException(what + " are NaN or infinite; " + origin);
    }

    /** Says which weight holds values that are not finite, the first in the order in which data passes; empty if none does. */
    static Optional<String> weights(Transformer transformer) {
        Optional<String> own = transformer.slots().stream()
                .flatMap(slot -> found(name(slot), slot.usedArrays()).stream())
                .findFirst();
        return own.isPresent()
                ? own
                : transformer.projections().stream()
                        .flatMap(projection ->
                                projection.loraWeights().stream().flatMap(lora -> adapter(projection, lora).stream()))
                        .findFirst();
    }

    private static String name(ParameterSlot slot) {
        return slot.override()
                .map(override -> "\"%s\" of the adapter \"%s\"".formatted(slot.name(), override.adapter()))
                .orElse("\"" + slot.name() + "\"");
    }

    /** Says which matrix of an adapter holds values that are not finite. */
    private static Optional<String> adapter(Projection projection, LoraWeights lora) {
        String of = " of the adapter \"%s\" on \"%s\"".formatted(lora.adapter(), projection.path());
        Optional<String> a = found("lora_A" + of, new NDList(lora.a().getArray()));
        return a.isPresent() ? a : found("lora_B" + of, new NDList(lora.b().getArray()));
    }

    /** @throws NonFiniteException if a matrix of an adapter holds values that are not finite, which merging would keep for ever */
    public static void mergeable(Projection projection, LoraWeights lora) {
        adapter(projection, lora).ifPresent(FiniteCheck::refuse);
    }

    /** @throws NonFiniteException if an adapter's own copy of a parameter holds values that are not finite */
    public static void mergeable(ParameterSlot slot, ParameterSlot.ParameterOverride copy) {
        found(
                        "\"%s\" of the adapter \"%s\"".formatted(slot.name(), copy.adapter()),
                        new NDList(copy.parameter().getArray()))
                .ifPresent(FiniteCheck::refuse);
    }

    private static void refuse(String weight) {
        throw new NonFiniteException(weight + ", so it is not merged; the model is as it was");
    }

    private static Optional<String> found(String name, NDList arrays) {
        long count = Ops.countNonFinite(arrays);
        return count == 0
                ? Optional.empty()
                : Optional.of("%s holds %,d values that are NaN or infinite".formatted(name, count));
    }
}
