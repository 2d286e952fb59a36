package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.format.PackedWeights;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Projections of one input as they are computed for one or a few tokens in a pass that is not recorded. Where their weights are
 * quantized and the dtype is bfloat16, the weights are packed, once, and kept; those of all projections together, if they are alike.
 */
final class DecodeProjections {

    private final List<Projection> projections;
    private final List<DecodeProjections> each;
    private Optional<PackedWeights> packed = Optional.empty();

    DecodeProjections(List<Projection> projections) {
        this.projections = projections;
        this.each = projections.size() == 1
                ? List.of()
                : projections.stream()
                        .map(projection -> new DecodeProjections(List.of(projection)))
                        .toList();
    }

    /**
     * The list that the fused operations take for each projection. Where they are multiplied together the first has it all, and the
     * others are empty.
     *
     * @param pass its manager owns what is made for this call alone
     * @param decodeDtype the dtype in which quantized weights are multiplied while decoding
     */
    List<NDList> parts(ForwardContext pass, Device device, DType decodeDtype) {
        pack(decodeDtype);
        if (packed.isPresent()) {
            each.forEach(DecodeProjections::forget);
            List<NDList> lists = new ArrayList<>(List.of(together(packed.get(), pass, device)));
            projections.stream().skip(1).forEach(other -> lists.add(new NDList()));
            return lists;
        }
        return each.isEmpty()
                ? List.of(projections.get(0).parts(pass, device))
                : each.stream()
                        .flatMap(one -> one.parts(pass, device, decodeDtype).stream())
                        .toList();
    }

    private void pack(DType decodeDtype) {
        List<QuantizedArray> weights = projections.stream()
                .filter(projection -> decodeDtype == DType.BFLOAT16 && projection.usesQuantized())
                .map(projection -> projection.stored().quantized())
                .toList();
        boolean all = weights.size() == projections.size() && (biases() == 0 || biases() == weights.size());
        if (!all || packed.isPresent() && !packed.get().areOf(weights)) {
            forget();
        }
        if (all && packed.isEmpty()) {
            packed = PackedWeights.of(weights);
        }
    }

    private long biases() {
        return projections.stream()
                .filter(projection -> projection.biasSlot() != null)
                .count();
    }

    private NDList together(PackedWeights weights, ForwardContext pass, Device device) {
        NDList parts = Projection.parts(weights.parts(), bias(pass, device), weights.dtype());
        long row = 0;
        for (Projection projection : projections) {
            for (LoraWeights delta : projection.loraWeights()) {
                parts.addAll(pass.values(delta, device));
                parts.add(delta.settings(pass.manager(), row));
            }
            row += projection.out();
        }
        return parts;
    }

    private NDArray bias(ForwardContext pass, Device device) {
        if (biases() == 0) {
            return Ops.none(pass.manager());
        }
        NDList biases = new NDList();
        projections.forEach(projection -> biases.add(pass.value(projection.biasSlot(), device)));
        return Ops.concatRows(pass.manager(), biases);
    }

    /** The packed arrays that are kept. */
    NDList kept() {
        NDList kept = new NDList();
        packed.ifPresent(weights -> kept.addAll(weights.made()));
        each.forEach(one -> kept.addAll(one.kept()));
        return kept;
    }

    /** Frees them. */
    void forget() {
        packed.ifPresent(PackedWeights::close);
        packed = Optional.empty();
        each.forEach(DecodeProjections::forget);
    }
}
