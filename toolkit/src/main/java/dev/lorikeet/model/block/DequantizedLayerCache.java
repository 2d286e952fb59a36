package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The numbers that quantised weights stand for, those of one layer at a time, in arrays that all layers share: so a backward pass
 * keeps none of them. It computes with what is held when it comes by; who goes back through a layer first sees to it that this
 * holds that layer's.
 */
public final class DequantizedLayerCache implements AutoCloseable {

    /** What tells the arrays apart: the number of a weight in its layer, its shape and the type in which it multiplies. */
    private record Place(int number, Shape shape, DType precision) {}

    private record Held(Projection projection, Place place) {}

    private final NDManager parent;
    private final Map<Place, NDArray> arrays = new HashMap<>();
    private List<Held> held = List.of();

    /** Its arrays live in {@code parent}. */
    public DequantizedLayerCache(NDManager parent) {
        this.parent = parent;
    }

    /** Holds the numbers of these instead of others; nothing to do where it does, or for weights that are numbers already. */
    public void hold(List<Projection> projections) {
        List<Projection> coded =
                projections.stream().filter(Projection::computesWithCodes).toList();
        List<Held> wanted = IntStream.range(0, coded.size())
                .mapToObj(i -> new Held(coded.get(i), place(i, coded.get(i))))
                .toList();
        if (wanted.equals(held)) {
            return;
        }
        held = List.of();
        NDList targets = new NDList();
        NDList weights = new NDList();
        for (Held one : wanted) {
            targets.add(array(one.place()));
            weights.addAll(one.projection().stored().codes().parts());
        }
        if (!wanted.isEmpty()) {
            Ops.widen(targets, weights);
        }
        held = wanted;
    }

    /** (out, in), in the type in which it multiplies; empty unless its numbers are held. */
    Optional<NDArray> of(Projection projection) {
        return held.stream()
                .filter(one -> one.projection() == projection)
                .findFirst()
                .map(one -> array(one.place()));
    }

    private static Place place(int number, Projection projection) {
        return new Place(number, projection.weight().getShape(), projection.precision());
    }

    private NDArray array(Place place) {
        return arrays.computeIfAbsent(place, wanted -> wanted.precision().zeros(parent, wanted.shape()));
    }

    /** Of its arrays. */
    public long bytes() {
        return arrays.keySet().stream()
                .mapToLong(place -> place.shape().size() * place.precision().bytes())
                .sum();
    }

    /** Holds nothing, and frees the arrays. */
    @Override
    public void close() {
        held = List.of();
        arrays.values().forEach(NDArray::close);
        arrays.clear();
    }
}
