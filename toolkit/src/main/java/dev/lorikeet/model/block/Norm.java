package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.lorikeet.model.config.NormKind;
import dev.lorikeet.tensor.Ops;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A normalisation of the last axis; see {@link NormKind}. */
public final class Norm extends AbstractBlock implements HasParameterSlots, Operand {

    private final Parameter weight;
    private final NormKind kind;
    private final ParameterSlot weightSlot;
    private final ParameterSlot biasSlot;
    private final NDArray settings;

    /**
     * @param kind how it normalises
     * @param weight (width)
     * @param bias (width), or null
     * @param host a CPU manager that lives as long as the model
     */
    public Norm(NormKind kind, Parameter weight, Parameter bias, double epsilon, NDManager host) {
        this.kind = kind;
        this.weight = addParameter(weight);
        this.weightSlot = new ParameterSlot(weight.getName(), weight);
        this.biasSlot = bias == null ? null : new ParameterSlot(bias.getName(), addParameter(bias));
        this.settings = host.create(new double[] {epsilon, kind.id()});
    }

    /** The name in Hugging Face checkpoints without ".weight", such as "model.norm". */
    public String path() {
        return weightSlot.module();
    }

    public long width() {
        return weight.getShape().get(0);
    }

    /** Describes it, such as "LayerNorm 768". */
    public String describe() {
        return kind.label() + " " + width();
    }

    @Override
    public List<ParameterSlot> slots() {
        return Stream.of(weightSlot, biasSlot).filter(Objects::nonNull).toList();
    }

    @Override
    public NDList parts(ForwardContext context, Device device) {
        NDList parts = new NDList(settings, context.value(weightSlot, device));
        return biasSlot == null ? parts : parts.addAll(new NDList(context.value(biasSlot, device)));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        return new NDList(Ops.norm(x, parts(ForwardContext.of(store, training), x.getDevice()), training));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }
}
