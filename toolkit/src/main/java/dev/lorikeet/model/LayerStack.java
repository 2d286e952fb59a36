package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import dev.lorikeet.tensor.Torch;
import java.util.List;

/**
 * What the layers of a model take, gathered for passes that autograd does not record: they all run in one call into the engine.
 * It is outdated as soon as an adapter or a weight is changed.
 *
 * @param shape float64 (heads, key-value heads, 0)
 * @param ends int64: where each list begins in {@code parts}, and the end of the last
 * @param parts the operands of every layer, one after the other
 */
record LayerStack(NDArray shape, NDArray ends, NDList parts) implements AutoCloseable {

    static LayerStack of(Config config, List<Layer> layers, ParameterStore store, Device device) {
        List<Operand> operands =
                layers.stream().flatMap(layer -> layer.operands().stream()).toList();
        NDList parts = new NDList();
        long[] ends = new long[operands.size() + 1];
        for (int i = 0; i < operands.size(); i++) {
            parts.addAll(operands.get(i).parts(store, device, false));
            ends[i + 1] = parts.size();
        }
        return new LayerStack(Layer.shape(config, false), Torch.host().create(ends), parts);
    }

    @Override
    public void close() {
        shape.close();
        ends.close();
    }
}
