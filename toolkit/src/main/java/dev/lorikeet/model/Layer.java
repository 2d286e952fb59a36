package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Torch;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One layer of a {@link Transformer}, computed by one fused call; x (batch, time, width) keeps its shape. */
public abstract class Layer extends AbstractBlock implements HasParameterSlots {

    private final String path;
    private final Config config;
    private List<DecodeProjections> fewRows = List.of();

    Layer(String path, Config config) {
        this.path = path;
        this.config = config;
    }

    /** The name in Hugging Face checkpoints, such as "model.layers.0". */
    public final String path() {
        return path;
    }

    /** In the order in which they are applied. */
    public final List<Projection> projections() {
        return projectionsByInput().stream().flatMap(List::stream).toList();
    }

    /** The same, those together that have the same input. */
    abstract List<List<Projection>> projectionsByInput();

    abstract List<Norm> norms();

    @Override
    public final List<ParameterSlot> slots() {
        List<ParameterSlot> all = new ArrayList<>();
        norms().forEach(norm -> all.addAll(norm.slots()));
        projections().forEach(projection -> all.addAll(projection.slots()));
        return all;
    }

    /**
     * Bytes a token that its forward pass keeps for the backward pass: what enters a normalisation, an activation or the
     * attention, and what enters a projection whose own weight or adapter is trained.
     */
    public abstract long keptPerToken();

    /** Of a number in the type in which it multiplies. */
    final long precisionBytes() {
        return projections().get(0).precision().bytes();
    }

    /** What projections with the same input keep of it: all of it once, if one of them learns from it. */
    final long keptInput(Projection... sharing) {
        boolean trained = Stream.of(sharing)
                .anyMatch(projection -> projection.weightSlot().used().requiresGradient()
                        || projection.deltas().stream()
                                .anyMatch(delta -> delta.a().requiresGradient()));
        return trained ? precisionBytes() * sharing[0].in() : 0;
    }

    final Config config() {
        return config;
    }

    /** Its own parameters and those of the adapters on it. */
    public final List<Parameter> parametersAndAdapters() {
        List<Parameter> all = new ArrayList<>(getParameters().values());
        for (Projection projection : projections()) {
            projection.deltas().forEach(delta -> all.addAll(List.of(delta.a(), delta.b())));
        }
        standIns().forEach(standIn -> all.add(standIn.parameter()));
        return all;
    }

    /**
     * @param state [rotary table or empty, mask or empty], then with a cache [first position, keys, values]
     */
    final NDArray forward(NDArray x, ForwardContext pass, NDList state) {
        if (pass.widened() != null) {
            pass.widened().hold(projections());
        }
        NDList[] parts = Stream.concat(parts(pass, x.getDevice()).stream(), Stream.of(state))
                .toArray(NDList[]::new);
        try (NDArray shape = shape(config, pass.training())) {
            return fused(x, shape, pass.training(), parts);
        }
    }

    /** The lists of its operands. */
    final List<NDList> parts(ForwardContext pass, Device device) {
        return operands().stream().map(operand -> operand.parts(pass, device)).toList();
    }

    /**
     * As {@link #parts}, or what computes the same faster for few rows.
     *
     * @param writing in which they are multiplied by codes
     */
    final List<NDList> partsForFewRows(ForwardContext pass, Device device, DType writing) {
        Map<Operand, NDList> parts = new IdentityHashMap<>();
        norms().forEach(norm -> parts.put(norm, norm.parts(pass, device)));
        for (int i = 0; i < fewRows().size(); i++) {
            List<Projection> projections = projectionsByInput().get(i);
            List<NDList> lists = fewRows().get(i).parts(pass, device, writing);
            for (int j = 0; j < lists.size(); j++) {
                parts.put(projections.get(j), lists.get(j));
            }
        }
        return operands().stream().map(parts::get).toList();
    }

    /** By the projections' inputs. */
    final List<DecodeProjections> fewRows() {
        if (fewRows.isEmpty()) {
            fewRows = projectionsByInput().stream().map(DecodeProjections::new).toList();
        }
        return fewRows;
    }

    /** What the fused operations take for the shape of attention. */
    static NDArray shape(Config config, boolean training) {
        return Torch.host().create(new double[] {config.heads(), config.keyValueHeads(), training ? 1 : 0});
    }

    /** Normalisations and projections in the order in which the fused operation takes them. */
    abstract List<Operand> operands();

    /**
     * @param parts those of the operands, then the state
     */
    abstract NDArray fused(NDArray x, NDArray shape, boolean training, NDList... parts);

    /** As a block of its own: x, then optionally the rotary table and the mask. */
    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray rope =
                inputs.size() > 1 ? inputs.get(1) : Ops.none(inputs.head().getManager());
        NDArray mask =
                inputs.size() > 2 ? inputs.get(2) : Ops.none(inputs.head().getManager());
        return new NDList(forward(inputs.head(), ForwardContext.of(store, training), new NDList(rope, mask)));
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }
}
