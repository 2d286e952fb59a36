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
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A linear layer y = xWᵀ + b and the adapters on it. An adapter is data: a list of {@link LoraWeights}s that the fused call adds,
 * so that injecting, disabling and merging edit a list and the forward path stays the same.
 */
public final class Projection extends AbstractBlock implements HasParameterSlots, Operand, Linear {

    /** Output rows with a name of their own, such as "query" in a fused attention projection. */
    public record Slice(String name, long firstRow, long rows) {

        /** The slices of a part: query, key and value where they are fused, else none. */
        public static List<Slice> of(Part part, ModelConfig config) {
            if (part != Part.QUERY_KEY_VALUE) {
                return List.of();
            }
            long queries = (long) config.heads() * config.headDim();
            long keys = (long) config.keyValueHeads() * config.headDim();
            return List.of(
                    new Slice("query", 0, queries),
                    new Slice("key", queries, keys),
                    new Slice("value", queries + keys, keys));
        }
    }

    private final String path;
    private final Weight weight;
    private final Parameter bias;
    private final ParameterSlot weightSlot;
    private final ParameterSlot biasSlot;
    private final List<Slice> slices;
    private final NDManager host;
    private final NDArray absent;
    private DType computeDtype;
    private NDArray dtypeTensor;
    private final List<LoraWeights> loraWeights = new CopyOnWriteArrayList<>();
    private final MergedAdapters merged;

    /**
     * @param path the name in Hugging Face checkpoints without ".weight", such as "model.layers.0.self_attn.q_proj"
     * @param weight (out, in)
     * @param bias (out), or null
     * @param dtype compute dtype
     * @param host a CPU manager that lives as long as the model
     */
    public Projection(String path, Weight weight, Parameter bias, DType dtype, NDManager host, List<Slice> slices) {
        this.path = path;
        this.weight = weight;
        addParameter(weight.parameter());
        this.bias = bias == null ? null : addParameter(bias);
        this.weightSlot = new ParameterSlot(path + ".weight", weight);
        this.merged = new MergedAdapters(weight, weightSlot);
        this.biasSlot = bias == null ? null : new ParameterSlot(path + ".bias", this.bias);
        this.slices = List.copyOf(slices);
        this.host = host;
        this.absent = Ops.none(host);
        this.computeDtype = dtype;
        this.dtypeTensor = dtype.zeros(host, new Shape(0));
    }

    /** The compute dtype. */
    public DType computeDtype() {
        return computeDtype;
    }

    /** Changes the compute dtype; the type in which its weight is kept is for others to change. */
    void computeDtype(DType dtype) {
        this.computeDtype = dtype;
        dtypeTensor.close();
        dtypeTensor = dtype.zeros(host, new Shape(0));
    }

    public NDManager host() {
        return host;
    }

    @Override
    public String path() {
        return path;
    }

    /** The weight (out, in). If it {@link #isQuantized}, its array holds quantized values. */
    public Parameter weight() {
        return weight.parameter();
    }

    /** Whether the weight is stored in a quantized format. */
    public boolean isQuantized() {
        return weight.isQuantized();
    }

    /** Whether it multiplies by its own weight, and that is quantized. */
    boolean usesQuantized() {
        return weight.isQuantizedIn(weightSlot);
    }

    public void quantize(Quantization how) {
        if (weight.isQuantized() || weight().requiresGradient() || !merged.isEmpty()) {
            String state = weight.isQuantized()
                    ? "quantised already"
                    : merged.isEmpty() ? "trained" : "merged with an adapter";
            throw new LorikeetException("\"" + path + "\" cannot be quantised: it is " + state);
        }
        if (QuantizedArray.fits(weight().getShape(), how)) {
            weight.quantize(how);
        }
    }

    public Weight stored() {
        return weight;
    }

    /** Throws if an adapter that is on the projection cannot be merged; see {@link #merge}. */
    public void checkMergeable(LoraWeights lora) {
        merged.check(lora);
    }

    /**
     * Adds an adapter's product to the weight and takes the adapter out of the list. A quantized weight is dequantized to the
     * compute dtype first; the quantized one is kept. The head of a model whose head is tied gets a weight of its own.
     */
    public void merge(LoraWeights lora) {
        merged.add(lora, computeDtype);
        remove(lora);
    }

    /** Undoes {@link #merge}: to the last bit for a quantized weight or a tied head, up to rounding for others. */
    public void unmerge(LoraWeights lora) {
        merged.remove(lora, computeDtype);
        add(lora);
    }

    /** The bias, or null. */
    public Parameter bias() {
        return bias;
    }

    /** Where an adapter may put a weight of its own. */
    public ParameterSlot weightSlot() {
        return weightSlot;
    }

    /** Where an adapter may put a bias of its own, or null without one. */
    public ParameterSlot biasSlot() {
        return biasSlot;
    }

    @Override
    public List<ParameterSlot> slots() {
        return Stream.of(weightSlot, biasSlot).filter(Objects::nonNull).toList();
    }

    @Override
    public long in() {
        return weight.parameter().getShape().get(1);
    }

    @Override
    public long out() {
        return weight.parameter().getShape().get(0);
    }

    @Override
    public List<Slice> slices() {
        return slices;
    }

    /** The adapters in effect, in the order in which they were added. */
    public List<LoraWeights> loraWeights() {
        return List.copyOf(loraWeights);
    }

    public void add(LoraWeights lora) {
        loraWeights.add(lora);
    }

    public void remove(LoraWeights lora) {
        loraWeights.remove(lora);
    }

    /** The list that the fused operations take; see {@link Ops}. */
    @Override
    public NDList parts(ForwardContext context, Device device) {
        Optional<NDArray> dense = Optional.ofNullable(context.dequantized()).flatMap(cache -> cache.of(this));
        NDList w = dense.map(weight::asDense)
                .orElseGet(() -> new NDList(context.value(weightSlot, device)).addAll(weight.formatParts(weightSlot)));
        return parts(w, context, device);
    }

    /** @param w the weight, its descriptor and its auxiliary tensors */
    private NDList parts(NDList w, ForwardContext context, Device device) {
        NDArray b = biasSlot == null ? absent : context.value(biasSlot, device);
        NDList parts = parts(w, b, dtypeTensor);
        for (LoraWeights lora : loraWeights) {
            parts.addAll(context.values(lora, device)).add(lora.settings());
        }
        return parts;
    }

    /** The list without adapters. */
    static NDList parts(NDList w, NDArray bias, NDArray dtype) {
        return new NDList(w.head(), bias, dtype).addAll(w.subNDList(1));
    }

    /** x (n, in) to (n, out). */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        return new NDList(Ops.project(x, parts(ForwardContext.of(store, training), x.getDevice()), training));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), out())};
    }
}
