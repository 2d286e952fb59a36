package dev.lorikeet.model.block;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.lorikeet.model.config.Activation;
import dev.lorikeet.tensor.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands between an encoder and a classifier's head: a projection, an activation, and perhaps a norm; rows (n, width) keep
 * their shape.
 */
public final class Pooler extends AbstractBlock implements HasParameterSlots {

    private final Projection dense;
    private final Activation activation;
    private final Norm norm;
    private final boolean isNew;

    /**
     * @param norm of what it gives, or null
     * @param isNew whether it was made with a classifier, and is trained with its head
     */
    public Pooler(Projection dense, Activation activation, Norm norm, boolean isNew) {
        this.dense = addChildBlock("dense", dense);
        this.activation = activation;
        this.norm = norm == null ? null : addChildBlock("norm", norm);
        this.isNew = isNew;
    }

    public Projection dense() {
        return dense;
    }

    public Activation activation() {
        return activation;
    }

    /** The norm of what it gives, or null. */
    public Norm norm() {
        return norm;
    }

    /** Whether it was made with a classifier, and is trained with its head. */
    public boolean isNew() {
        return isNew;
    }

    @Override
    public List<ParameterSlot> slots() {
        List<ParameterSlot> all = new ArrayList<>(dense.slots());
        if (norm != null) {
            all.addAll(norm.slots());
        }
        return all;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        ForwardContext context = ForwardContext.of(store, training);
        return new NDList(Ops.pool(
                inputs.head(),
                activation.id(),
                training,
                dense.parts(context, inputs.head().getDevice()),
                norm == null ? new NDList() : norm.parts(context, inputs.head().getDevice())));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }
}
