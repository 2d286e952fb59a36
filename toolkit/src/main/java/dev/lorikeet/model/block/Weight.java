package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.format.QuantizedArray;
import dev.lorikeet.tensor.format.WeightFormats;

/**
 * A matrix (out, in) in its stored form: dense, or quantized and dequantized wherever it is used. Its parameter has the matrix's
 * shape in both forms; in the second its array holds the quantized values, and it cannot be trained.
 */
public final class Weight {

    private final Parameter parameter;
    private final NDArray denseDescriptor;
    private QuantizedArray quantized;
    private QuantizedArray replaced;
    private boolean shared;

    private Weight(Parameter parameter, NDArray denseDescriptor, QuantizedArray quantized) {
        this.parameter = parameter;
        this.denseDescriptor = denseDescriptor;
        this.quantized = quantized;
    }

    /** @param host a CPU manager that lives as long as the model */
    public static Weight of(Parameter parameter, NDManager host) {
        return new Weight(parameter, WeightFormats.DENSE.descriptor(host), null);
    }

    /** A frozen, quantized one. */
    public static Weight of(String name, QuantizedArray array, NDManager host) {
        Parameter parameter = Parameters.frozen(name, array.shape(), view(array));
        return new Weight(parameter, WeightFormats.DENSE.descriptor(host), array);
    }

    /** For the parameter, which closes its array when it is given another one. */
    private static NDArray view(QuantizedArray array) {
        return array.qweight().reshape(-1);
    }

    public Parameter parameter() {
        return parameter;
    }

    /** Whether the token table and the head are both this. */
    boolean isShared() {
        return shared;
    }

    void share() {
        shared = true;
    }

    public boolean isQuantized() {
        return quantized != null;
    }

    /** Descriptor and auxiliary tensors of what a slot uses, which may be an adapter's own weight. */
    NDList formatParts(ParameterSlot slot) {
        return isQuantizedIn(slot) ? quantized.formatParts() : new NDList(denseDescriptor);
    }

    /** Whether a slot uses the quantized weight. */
    public boolean isQuantizedIn(ParameterSlot slot) {
        return quantized != null && slot.used() == parameter;
    }

    /** The quantized weight, or null where it is dense. */
    QuantizedArray quantized() {
        return quantized;
    }

    /** What the fused operations take for a weight, given a dense array of it. */
    NDList asDense(NDArray dense) {
        return new NDList(dense, denseDescriptor);
    }

    /** What the fused operations take for a table of vectors. */
    NDList table(ParameterSlot slot, ParameterStore store, Device device, boolean training) {
        return new NDList(store.getValue(slot.used(), device, training)).addAll(formatParts(slot));
    }

    /** A dense copy. */
    NDArray dequantized(NDManager manager, DType dtype) {
        if (quantized != null) {
            return quantized.dequantize(manager, dtype);
        }
        NDArray copy = dtype.cast(parameter.getArray());
        copy.attach(manager);
        return copy;
    }

    /** The name of its quantized type, such as "NF4", or an empty one. */
    public String formatName() {
        return quantized == null ? "" : quantized.name();
    }

    /** Tensors beside the parameter's own, for counting memory: scales and the like, and the quantized values of a merged weight. */
    public NDList auxiliary() {
        NDList arrays = new NDList();
        if (quantized != null) {
            arrays.addAll(quantized.auxiliary());
        }
        if (replaced != null) {
            arrays.add(replaced.qweight());
            arrays.addAll(replaced.auxiliary());
        }
        return arrays;
    }

    /** Quantizes a dense weight that is not trained, and frees it. */
    public void quantize(Quantization how) {
        try (NDManager scope = Torch.manager();
                NDArray dense = dequantized(scope, DType.FLOAT32)) {
            NDManager owner = parameter.getArray().getManager();
            NDArray onHost = dense.toDevice(Device.cpu(), false);
            onHost.attach(scope);
            quantized = QuantizedArray.of(onHost, how, owner);
            Parameters.replace(parameter, view(quantized));
        }
    }

    /** Makes a quantized weight dense; the quantized one is kept for {@link #restoreQuantized}. Does nothing if it is dense. */
    void dequantize(DType dtype) {
        if (quantized != null) {
            replaced = quantized;
            Parameters.replace(parameter, replaced.dequantize(replaced.qweight().getManager(), dtype));
            quantized = null;
        }
    }

    /** Undoes {@link #dequantize} to the last bit, whatever became of the dense weight. Says whether there was a quantized one. */
    boolean restoreQuantized() {
        if (replaced == null) {
            return false;
        }
        Parameters.replace(parameter, view(replaced));
        quantized = replaced;
        replaced = null;
        return true;
    }

    /** Throws if it is quantised. */
    void checkTrainable() {
        if (quantized != null || replaced != null) {
            throw new LorikeetException(
                    "\"" + parameter.getName() + "\" is quantised and cannot be trained itself. Put an "
                            + "adapter on the model with Lora, or load it without quantisation");
        }
    }
}
