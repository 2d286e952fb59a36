package dev.lorikeet.model.block;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.engine.TensorList;

/**
 * Keys and values of the tokens so far, a pair (batch, key-value heads, capacity, head width) for each layer, in the type in which
 * the model multiplies.
 */
public final class KvCache implements AutoCloseable {

    private final NDManager manager;
    private final int capacity;
    private final TensorList arrays;
    private int length;

    /** Room for {@code capacity} tokens of each of {@code batch} sequences, in a sub-manager of {@code parent}. */
    public KvCache(NDManager parent, ModelConfig config, DType dtype, int batch, int capacity) {
        this.manager = parent.newSubManager();
        this.capacity = capacity;
        Shape shape = new Shape(batch, config.keyValueHeads(), capacity, config.headDim());
        NDList keysAndValues = new NDList();
        for (int i = 0; i < config.layers(); i++) {
            keysAndValues.add(dtype.zeros(manager, shape));
            keysAndValues.add(dtype.zeros(manager, shape));
        }
        this.arrays = TensorList.of(keysAndValues);
    }

    /** Tokens held. */
    public int length() {
        return length;
    }

    public int capacity() {
        return capacity;
    }

    /** Called once after each pass over all layers. */
    void advance(int tokens) {
        length += tokens;
    }

    /** Forgets what it holds. */
    public void clear() {
        length = 0;
    }

    /** Keys and values of each layer, one after the other. */
    TensorList arrays() {
        return arrays;
    }

    @Override
    public void close() {
        arrays.close();
        manager.close();
    }
}
