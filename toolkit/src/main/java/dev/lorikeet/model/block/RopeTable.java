package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.tensor.Ops;

/** Makes cosines and sines by {@link Rope}, and keeps its frequencies on the model's device. */
final class RopeTable {

    private final Rope rope;
    private final int headDim;
    private final NDManager manager;
    private final NDArray frequencies;

    RopeTable(Rope rope, int headDim, NDManager manager) {
        this.rope = rope;
        this.headDim = headDim;
        this.manager = manager;
        this.frequencies = rope.scaling().dependsOnLength() ? null : manager.create(rope.frequencies(1));
    }

    Rope rope() {
        return rope;
    }

    /** @param length tokens of the sequence so far, which some ways of scaling look at */
    NDArray of(NDArray positions, ForwardContext context, int length) {
        if (frequencies != null) {
            return table(positions, frequencies);
        }
        int tokens = context.segmentIds() == null ? length : longest(positions);
        NDManager step = manager.newSubManager();
        try (step) {
            return table(positions, step.create(rope.frequencies(tokens)));
        }
    }

    private NDArray table(NDArray positions, NDArray by) {
        return Ops.rope(positions, by, headDim, rope.scaling().magnitude());
    }

    private static int longest(NDArray positions) {
        try (NDArray last = positions.max()) {
            return Math.toIntExact(last.getLong() + 1);
        }
    }
}
