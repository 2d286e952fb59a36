package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.engine.TensorList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What a model takes, gathered for passes that autograd does not record: all layers run in one call into the engine. It is
 * outdated as soon as an adapter or a weight is changed.
 *
 * @param options float64, a row for each layer; see {@link Layer#options}
 * @param parts the operands of every layer, one after the other
 * @param norm those of the final normalisation
 * @param head those of the head
 */
public record FusedLayers(NDArray options, TensorList parts, NDList norm, NDList head) implements AutoCloseable {

    /** @param few whether the passes will have few rows */
    static FusedLayers of(Transformer transformer, ForwardContext context, Device device, boolean few) {
        DType decodeDtype = transformer.decodeDtype();
        NDList parts = new NDList();
        List<double[]> rows = transformer.layers().stream()
                .map(layer -> layer.options(
                        false,
                        few ? layer.operandsForFewRows(context, device, decodeDtype) : layer.operands(context, device),
                        parts))
                .toList();
        double[] options = rows.stream().flatMapToDouble(DoubleStream::of).toArray();
        return new FusedLayers(
                Torch.host().create(options, new Shape(rows.size(), rows.get(0).length)),
                TensorList.of(parts),
                transformer.finalNorm() == null
                        ? new NDList()
                        : transformer.finalNorm().parts(context, device),
                transformer.head() == null
                        ? new NDList()
                        : few
                                ? transformer
                                        .headForFewRows()
                                        .parts(context, device, decodeDtype)
                                        .get(0)
                                : transformer.head().parts(context, device));
    }

    @Override
    public void close() {
        options.close();
        parts.close();
    }
}
