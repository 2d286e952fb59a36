package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.PackedCodes;
import dev.lorikeet.tensor.QuantizedArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Projections of one input as they are computed for few rows in a pass that is not recorded. Where they multiply by codes in
 * bfloat16, these are packed, once, and kept; those of all projections together, if they are alike.
 */
final class DecodeProjections {

    private final List<Projection> projections;
    private final List<DecodeProjections> each;
    private Optional<PackedCodes> packed = Optional.empty();

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
     * @param pass whose manager owns what is made beside the codes
     * @param writing in which they are multiplied by codes
     */
    List<NDList> parts(ForwardContext pass, Device device, DType writing) {
        pack(writing);
        if (packed.isPresent()) {
            each.forEach(DecodeProjections::forget);
            List<NDList> lists = new ArrayList<>(List.of(together(packed.get(), pass, device)));
            projections.stream().skip(1).forEach(other -> lists.add(new NDList()));
            return lists;
        }
        return each.isEmpty()
                ? List.of(projections.get(0).parts(pass, device))
                : each.stream()
                        .flatMap(one -> one.parts(pass, device, writing).stream())
                        .toList();
    }

    private void pack(DType writing) {
        List<QuantizedArray> codes = projections.stream()
                .filter(projection -> writing == DType.BFLOAT16 && projection.computesWithCodes())
                .map(projection -> projection.stored().codes())
                .toList();
        boolean all = codes.size() == projections.size() && (biases() == 0 || biases() == codes.size());
        if (!all || packed.isPresent() && !packed.get().areOf(codes)) {
            forget();
        }
        if (all && packed.isEmpty()) {
            packed = PackedCodes.of(codes);
        }
    }

    private long biases() {
        return projections.stream()
                .filter(projection -> projection.biasSlot() != null)
                .count();
    }

    private NDList together(PackedCodes codes, ForwardContext pass, Device device) {
        NDList parts = Projection.parts(codes.parts(), bias(pass, device), codes.type());
        long row = 0;
        for (Projection projection : projections) {
            for (LoraWeights delta : projection.deltas()) {
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
        return Ops.below(pass.manager(), biases);
    }

    /** The arrays that are kept. */
    NDList kept() {
        NDList kept = new NDList();
        packed.ifPresent(codes -> kept.addAll(codes.made()));
        each.forEach(one -> kept.addAll(one.kept()));
        return kept;
    }

    /** Frees them. */
    void forget() {
        packed.ifPresent(PackedCodes::close);
        packed = Optional.empty();
        each.forEach(DecodeProjections::forget);
    }
}
