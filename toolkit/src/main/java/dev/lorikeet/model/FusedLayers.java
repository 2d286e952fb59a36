package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.engine.TensorList;
import java.util.List;

/**
 * What a model takes, gathered for passes that autograd does not record: all layers run in one call into the engine. It is
 * outdated as soon as an adapter or a weight is changed.
 *
 * @param shape float64 (heads, key-value heads, 0)
 * @param ends int64: where each list begins in {@code parts}, and the end of the last
 * @param parts the operands of every layer, one after the other
 * @param norm those of the final normalisation
 * @param head those of the head
 */
record FusedLayers(NDArray shape, NDArray ends, TensorList parts, NDList norm, NDList head) implements AutoCloseable {

    /** @param few whether the passes will have few rows */
    static FusedLayers of(Transformer transformer, ForwardContext pass, Device device, boolean few) {
        DType writing = transformer.writing();
        List<NDList> lists = transformer.layers().stream()
                .flatMap(layer ->
                        (few ? layer.partsForFewRows(pass, device, writing) : layer.parts(pass, device)).stream())
                .toList();
        NDList parts = new NDList();
        long[] ends = new long[lists.size() + 1];
        for (int i = 0; i < lists.size(); i++) {
            parts.addAll(lists.get(i));
            ends[i + 1] = parts.size();
        }
        return new FusedLayers(
                Layer.shape(transformer.config(), false),
                Torch.host().create(ends),
                TensorList.of(parts),
                transformer.finalNorm().parts(pass, device),
                few
                        ? transformer
                                .headForFewRows()
                                .parts(pass, device, writing)
                                .get(0)
                        : transformer.head().parts(pass, device));
    }

    @Override
    public void close() {
        shape.close();
        ends.close();
        parts.close();
    }
}
