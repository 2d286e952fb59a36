package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.util.Optional;

/**
 * A place where a model uses one of its parameters, and where an adapter may put a trained copy in its stead. Like a
 * {@link LoraWeights} it is data: the model's own parameter stays as it is. A head that is tied to the token table has a place of
 * its own, so that either can be replaced without the other.
 */
public final class ParameterSlot implements NamedParameter {

    /**
     * A parameter that an adapter brings along whole.
     *
     * @param adapter the name of the adapter
     * @param parameter of the shape of the model's own, float32
     */
    public record ParameterOverride(String adapter, Parameter parameter) {}

    private final String name;
    private final Parameter own;
    private final Weight weight;
    private volatile ParameterOverride standIn;

    ParameterSlot(String name, Parameter own) {
        this(name, own, null);
    }

    ParameterSlot(String name, Weight own) {
        this(name, own.parameter(), own);
    }

    private ParameterSlot(String name, Parameter own, Weight weight) {
        this.name = name;
        this.own = own;
        this.weight = weight;
    }

    @Override
    public String name() {
        return name;
    }

    /** The model's own parameter, in use or not. */
    public Parameter own() {
        return own;
    }

    /** Copies the model's own parameter, dequantized, to float32, in {@code manager}. */
    public NDArray copy(NDManager manager) {
        if (weight != null) {
            return weight.dequantized(manager, DType.FLOAT32);
        }
        NDArray copy = DType.FLOAT32.cast(own.getArray());
        copy.attach(manager);
        return copy;
    }

    /** Copies the parameter that the model computes with, dequantized, to float32, in {@code manager}. */
    public NDArray copyUsed(NDManager manager) {
        if (standIn == null) {
            return copy(manager);
        }
        NDArray copy = DType.FLOAT32.cast(used().getArray());
        copy.attach(manager);
        return copy;
    }

    /** The parameter that the model computes with. */
    public Parameter used() {
        ParameterOverride present = standIn;
        return present == null ? own : present.parameter();
    }

    /** The quantized weight that the model computes with here; empty where it is dense. */
    public Optional<QuantizedArray> quantized() {
        return weight != null && weight.isQuantizedIn(this) ? Optional.of(weight.quantized()) : Optional.empty();
    }

    /** The arrays of {@link #used}: that of a quantized weight with its scales. */
    NDList usedArrays() {
        NDList arrays = new NDList(used().getArray());
        return weight != null && weight.isQuantizedIn(this) ? arrays.addAll(weight.auxiliary()) : arrays;
    }

    public Optional<ParameterOverride> override() {
        return Optional.ofNullable(standIn);
    }

    /** @throws LorikeetException if another adapter's copy is here; it names both */
    public void put(ParameterOverride other) {
        checkFree(other.adapter());
        standIn = other;
    }

    /** Throws unless an adapter of this name could put its copy here. */
    public void checkFree(String adapter) {
        if (standIn != null) {
            throw new LorikeetException(
                    "The adapters \"%s\" and \"%s\" both bring a %s of their own; only one of them can be active. Disable \"%1$s\" first"
                            .formatted(standIn.adapter(), adapter, name));
        }
    }

    /** Takes a copy away again; one that is not here stays unnoticed. */
    public void remove(ParameterOverride other) {
        if (standIn == other) {
            standIn = null;
        }
    }
}
