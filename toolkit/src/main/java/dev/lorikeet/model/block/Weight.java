package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.QuantizedArray;
import dev.lorikeet.tensor.Torch;

/**
 * A matrix (out, in) in its stored form: numbers, or codes that are widened wherever it is used. Its parameter has the matrix's
 * shape in both forms; in the second its array holds the codes, and it cannot be trained.
 */
public final class Weight {

    private final Parameter parameter;
    private final NDArray plain;
    private QuantizedArray quantized;
    private QuantizedArray aside;

    private Weight(Parameter parameter, NDArray plain, QuantizedArray quantized) {
        this.parameter = parameter;
        this.plain = plain;
        this.quantized = quantized;
    }

    /** @param host a CPU manager that lives as long as the model */
    public static Weight of(Parameter parameter, NDManager host) {
        return new Weight(parameter, QuantizedArray.plain(host), null);
    }

    /** A frozen one. */
    public static Weight of(String name, QuantizedArray array, NDManager host) {
        Parameter parameter = Parameters.frozen(name, array.shape(), view(array));
        return new Weight(parameter, QuantizedArray.plain(host), array);
    }

    /** For the parameter, which closes its array when it is given another one. */
    private static NDArray view(QuantizedArray array) {
        return array.codes().reshape(-1);
    }

    public Parameter parameter() {
        return parameter;
    }

    public boolean isQuantized() {
        return quantized != null;
    }

    /** The form of what is used in a place of this weight, which may be an adapter's own; see {@link Ops}. */
    NDList form(ParameterSlot slot) {
        return isCodedIn(slot) ? quantized.rest() : new NDList(plain);
    }

    /** Whether a place computes with its codes. */
    boolean isCodedIn(ParameterSlot slot) {
        return quantized != null && slot.used() == parameter;
    }

    /** Its codes, or null where it is numbers. */
    QuantizedArray codes() {
        return quantized;
    }

    /** An array of the numbers that it stands for, with the form of numbers. */
    NDList asNumbers(NDArray numbers) {
        return new NDList(numbers, plain);
    }

    /** What {@link Ops#embed} takes for a table. */
    NDList table(ParameterSlot slot, ParameterStore store, Device device, boolean training) {
        return new NDList(store.getValue(slot.used(), device, training)).addAll(form(slot));
    }

    /** A copy in float32, or in a type that DJL knows not. */
    NDArray widened(NDManager manager, DType precision) {
        if (quantized != null) {
            return quantized.widened(manager, precision);
        }
        NDArray copy = precision.cast(parameter.getArray());
        copy.attach(manager);
        return copy;
    }

    /** The name of its quantised form, or an empty one. */
    public String formName() {
        return quantized == null ? "" : quantized.name();
    }

    /** Arrays beside the parameter's own, for counting memory: the constants, and the codes of a merged weight. */
    public NDList beside() {
        NDList arrays = new NDList();
        if (quantized != null) {
            arrays.addAll(quantized.constants());
        }
        if (aside != null) {
            arrays.add(aside.codes());
            arrays.addAll(aside.constants());
        }
        return arrays;
    }

    /** Quantises numbers that are not trained; they are freed. */
    public void quantize(Quantization how) {
        try (NDManager scope = Torch.manager();
                NDArray numbers = widened(scope, DType.FLOAT32)) {
            NDManager owner = parameter.getArray().getManager();
            NDArray onHost = numbers.toDevice(Device.cpu(), false);
            onHost.attach(scope);
            quantized = QuantizedArray.of(onHost, how, owner);
            Parameters.replace(parameter, view(quantized));
        }
    }

    /** Puts numbers in place of the codes, which are kept for {@link #narrow}; nothing to do if it has numbers. */
    void widen(DType precision) {
        if (quantized != null) {
            aside = quantized;
            Parameters.replace(parameter, aside.widened(aside.codes().getManager(), precision));
            quantized = null;
        }
    }

    /** Puts the codes back that {@link #widen} has set aside. Says whether there were any. */
    boolean narrow() {
        if (aside == null) {
            return false;
        }
        Parameters.replace(parameter, view(aside));
        quantized = aside;
        aside = null;
        return true;
    }

    /** Throws if it is quantised. */
    void checkTrainable() {
        if (quantized != null || aside != null) {
            throw new LorikeetException(
                    "\"" + parameter.getName() + "\" is quantised and cannot be trained itself. Put an "
                            + "adapter on the model with Lora, or load it without quantisation");
        }
    }
}
