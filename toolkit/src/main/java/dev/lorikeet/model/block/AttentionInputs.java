package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.config.Attention;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Rope;
import dev.lorikeet.tensor.Ops;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes what attention takes beside queries, keys and values: positions, and a rotary table and a mask for each view. */
final class AttentionInputs {

    private final boolean bothWays;
    private final List<Attention> views;
    private final List<RopeTable> ropes;

    AttentionInputs(ModelConfig config, NDManager manager) {
        this.bothWays = config.isEncoder();
        this.views = config.views();
        this.ropes = views.stream()
                .map(view -> view.rope()
                        .map(rope -> new RopeTable(rope, config.headDim(), manager))
                        .orElse(null))
                .toList();
    }

    /**
     * Gives a rotary table, or an empty array, and a mask, or an empty array, for each view. Views with the same rotary positions or the
     * same window share them.
     *
     * @param start tokens in the cache
     * @param time tokens of this pass
     */
    NDList of(NDArray positions, ForwardContext context, int start, int time) {
        NDManager owner = positions.getManager();
        Map<Rope, NDArray> tables = new HashMap<>();
        Map<Integer, NDArray> masks = new HashMap<>();
        NDList inputs = new NDList();
        for (int i = 0; i < views.size(); i++) {
            RopeTable rope = ropes.get(i);
            inputs.add(
                    rope == null
                            ? Ops.none(owner)
                            : tables.computeIfAbsent(rope.rope(), unused -> rope.of(positions, context, start + time)));
            inputs.add(
                    masks.computeIfAbsent(views.get(i).window(), window -> mask(owner, context, start, time, window)));
        }
        return inputs;
    }

    /** Whether keys in a cache of {@code before} tokens cannot be used once there are {@code after}. */
    boolean outdatesCache(int before, int after) {
        return ropes.stream()
                .filter(Objects::nonNull)
                .anyMatch(table -> table.rope().scaling().outdatesCache(before, after));
    }

    /** Gives the position of each token, int64 (batch or 1, time). */
    static NDArray positions(NDManager manager, ForwardContext context, int start, int time) {
        if (context.segmentIds() != null) {
            return Ops.segmentPositions(context.segmentIds());
        }
        return context.paddingMask() == null
                ? manager.arange(start, start + time, 1, DataType.INT64).reshape(1, time)
                : positionsOf(context.paddingMask(), time);
    }

    /** Positions count the real tokens; those of padding do not matter. */
    private static NDArray positionsOf(NDArray paddingMask, int time) {
        NDArray counted =
                paddingMask.toType(DataType.INT64, false).cumSum(1).sub(1).maximum(0);
        long all = counted.getShape().get(1);
        return counted.get(":, {}:", all - time).toType(DataType.INT64, false);
    }

    private NDArray mask(NDManager manager, ForwardContext context, int start, int time, int window) {
        if (bothWays) {
            return maskBothWays(manager, context, time, window);
        }
        if (context.segmentIds() != null) {
            return Ops.segmentMask(context.segmentIds(), window);
        }
        if (context.paddingMask() != null) {
            return Ops.causalMask(context.paddingMask(), time, window);
        }
        // Without a mask the engine lets each of several tokens see all before it, and a single token see all there
        // are.
        if (start + time > window || start > 0 && time > 1) {
            NDArray all = manager.ones(new Shape(1, start + time), DataType.BOOLEAN);
            return Ops.causalMask(all, time, window);
        }
        return Ops.none(manager);
    }

    /** Without a mask the engine would hide from tokens those after them. */
    private static NDArray maskBothWays(NDManager manager, ForwardContext context, int time, int window) {
        if (context.paddingMask() != null) {
            return Ops.maskBothWays(context.paddingMask(), window);
        }
        try (NDArray all = manager.ones(new Shape(1, time), DataType.BOOLEAN)) {
            return Ops.maskBothWays(all, window);
        }
    }
}
