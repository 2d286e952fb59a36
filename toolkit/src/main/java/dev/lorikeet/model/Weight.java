package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One of a model's own weights, as a {@link Source} gives them.
 *
 * @param name Hugging Face's
 * @param shape of projections (out, in)
 * @param copy makes a float32 array of its numbers, on the model's device, for the caller to close
 */
record Weight(String name, Shape shape, Supplier<NDArray> copy) {

    /** All of a model with a head that writes, adapters aside, in the order of the layers; a tied head is its token table. */
    static List<Weight> of(Transformer transformer) {
        List<Weight> all = new ArrayList<>();
        transformer.tables().forEach(table -> all.add(of(table)));
        for (Layer layer : transformer.layers()) {
            layer.norms().forEach(norm -> add(norm, all));
            layer.projections().forEach(projection -> add(projection, all));
        }
        add(transformer.finalNorm(), all);
        if (!transformer.config().tied()) {
            add(transformer.head(), all);
        }
        return all;
    }

    private static void add(Norm norm, List<Weight> all) {
        norm.getDirectParameters().values().forEach(parameter -> all.add(of(parameter)));
    }

    private static void add(Projection projection, List<Weight> all) {
        Shape shape = new Shape(projection.out(), projection.in());
        all.add(new Weight(projection.path() + ".weight", shape, () -> whole(projection)));
        if (projection.bias() != null) {
            all.add(of(projection.bias()));
        }
    }

    private static Weight of(Parameter parameter) {
        return new Weight(
                parameter.getName(), parameter.getShape(), () -> Precision.FLOAT32.cast(parameter.getArray()));
    }

    /** A projection's weight (out, in) in float32, in memory of its own, whatever it is kept in. */
    private static NDArray whole(Projection projection) {
        return Precision.FLOAT32.cast(projection.weight().getArray());
    }
}
