package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.lorikeet.tensor.Ops;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Layer normalisation with a bias (Ba et al. 2016), root-mean-square normalisation without (Zhang and Sennrich 2019). */
final class Norm extends AbstractBlock implements HasParameterSlots, Operand {

    private final Parameter weight;
    private final Parameter bias;
    private final ParameterSlot weightSlot;
    private final ParameterSlot biasSlot;
    private final NDArray epsilon;
    private final NDArray absent;

    /**
     * @param weight (width)
     * @param bias (width), or null
     * @param host a CPU manager that lives as long as the model
     */
    Norm(Parameter weight, Parameter bias, double epsilon, NDManager host) {
        this.weight = addParameter(weight);
        this.bias = bias == null ? null : addParameter(bias);
        this.weightSlot = new ParameterSlot(weight.getName(), weight);
        this.biasSlot = bias == null ? null : new ParameterSlot(bias.getName(), bias);
        this.epsilon = host.create(epsilon);
        this.absent = Ops.none(host);
    }

    /** Such as "LayerNorm 768". */
    String kind() {
        return (bias == null ? "RMSNorm " : "LayerNorm ") + weight.getShape().get(0);
    }

    @Override
    public List<ParameterSlot> slots() {
        return Stream.of(weightSlot, biasSlot).filter(Objects::nonNull).toList();
    }

    @Override
    public NDList parts(ForwardContext pass, Device device) {
        NDArray b = biasSlot == null ? absent : pass.value(biasSlot, device);
        return new NDList(pass.value(weightSlot, device), b, epsilon);
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
