package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Dequantized weights of one layer at a time, in arrays that all layers share: so a backward pass keeps none of its own. It computes
 * with the weights that are held when it runs; before a backward pass through a layer the caller must {@link #hold} that layer's.
 */
public final class DequantizedLayerCache implements AutoCloseable {

    /** The key of an array: the number of a weight in its layer, its shape and compute dtype. */
    private record Place(int number, Shape shape, DType dtype) {}

    private record Held(Projection projection, Place place) {}

    private final NDManager parent;
    private final Map<Place, NDArray> arrays = new HashMap<>();
    private List<Held> held = List.of();

    /** @param parent owns the arrays */
    public DequantizedLayerCache(NDManager parent) {
        this.parent = parent;
    }

    /** Holds the weights of these projections instead of others. Does nothing if it holds them already, or for dense weights. */
    public void hold(List<Projection> projections) {
        List<Projection> quantized =
                projections.stream().filter(Projection::usesQuantized).toList();
        List<Held> wanted = IntStream.range(0, quantized.size())
                .mapToObj(i -> new Held(quantized.get(i), place(i, quantized.get(i))))
                .toList();
        if (wanted.equals(held)) {
            return;
        }
        held = List.of();
        QuantizedArray.dequantizeInto(
                wanted.stream().map(one -> array(one.place())).toList(),
                wanted.stream()
                        .map(one -> one.projection().stored().quantized())
                        .toList());
        held = wanted;
    }

    /** The dense weight (out, in) in the projection's compute dtype; empty unless it is held. */
    Optional<NDArray> of(Projection projection) {
        return held.stream()
                .filter(one -> one.projection() == projection)
                .findFirst()
                .map(one -> array(one.place()));
    }

    private static Place place(int number, Projection projection) {
        return new Place(number, projection.weight().getShape(), projection.computeDtype());
    }

    private NDArray array(Place place) {
        return arrays.computeIfAbsent(place, wanted -> wanted.dtype().zeros(parent, wanted.shape()));
    }

    /** The size of its arrays. */
    public long bytes() {
        return arrays.keySet().stream()
                .mapToLong(place -> place.shape().size() * place.dtype().bytes())
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
