package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.Ops;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers that quantised weights stand for, those of one layer at a time, in arrays that all layers share: so a backward pass
 * keeps none of them. It computes with what is held when it comes by; who goes back through a layer first sees to it that this
 * holds that layer's.
 */
public final class WidenedWeights implements AutoCloseable {

    /** What tells the arrays apart: the number of a weight in its layer, and its shape. */
    private record Place(int number, Shape shape) {}

    private final NDManager manager;
    private final Map<Place, NDArray> arrays = new HashMap<>();
    private List<Projection> held = List.of();

    /** Its arrays live in a sub-manager of {@code parent}. */
    public WidenedWeights(NDManager parent) {
        this.manager = parent.newSubManager();
    }

    /** Holds the numbers of these instead of others; nothing to do where it does, or for weights that are numbers already. */
    public void hold(List<Projection> projections) {
        List<Projection> coded =
                projections.stream().filter(Projection::computesWithCodes).toList();
        if (coded.equals(held)) {
            return;
        }
        held = coded;
        NDList targets = new NDList();
        NDList weights = new NDList();
        for (Projection projection : held) {
            targets.add(array(projection));
            weights.addAll(projection.stored().codes().parts());
        }
        if (!held.isEmpty()) {
            Ops.widen(targets, weights);
        }
    }

    /** (out, in), in the type in which it multiplies; empty unless its numbers are held. */
    Optional<NDArray> of(Projection projection) {
        return held.contains(projection) ? Optional.of(array(projection)) : Optional.empty();
    }

    private NDArray array(Projection projection) {
        Shape shape = projection.weight().getShape();
        return arrays.computeIfAbsent(
                new Place(held.indexOf(projection), shape),
                place -> projection.precision().zeros(manager, shape));
    }

    @Override
    public void close() {
        manager.close();
    }
}
