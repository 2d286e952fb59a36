package dev.lorikeet.model.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.config.Scales;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.Torch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One layer of a {@link Transformer}, attention and MLP, computed by one fused call; x (batch, time, width) keeps its shape,
 * unless it is the last one and only some rows of (batch · time) are {@link ForwardContext#wanted wanted}: then it becomes (1, rows, width). Which
 * {@link Part}s it has makes it what it is: norms before, after or on both sides, one projection for query, key and value or three,
 * a gated MLP or a plain one.
 */
public final class Layer extends AbstractBlock implements HasParameterSlots {

    /** The parts that may stand in each place that the fused operation has; see layer.py. */
    private static final List<List<Part>> OPERANDS = List.of(
            List.of(Part.ATTENTION_NORM),
            List.of(Part.QUERY, Part.QUERY_KEY_VALUE),
            List.of(Part.KEY),
            List.of(Part.VALUE),
            List.of(Part.QUERY_NORM, Part.WHOLE_QUERY_NORM),
            List.of(Part.KEY_NORM, Part.WHOLE_KEY_NORM),
            List.of(Part.ATTENTION_OUT),
            List.of(Part.ATTENTION_OUT_NORM),
            List.of(Part.MLP_NORM),
            List.of(Part.GATE, Part.GATE_UP),
            List.of(Part.UP),
            List.of(Part.DOWN),
            List.of(Part.MLP_OUT_NORM),
            List.of(Part.ATTENTION_SUM_NORM),
            List.of(Part.MLP_SUM_NORM));

    private static final List<List<Part>> SHARING_INPUT = List.of(
            List.of(Part.QUERY_KEY_VALUE),
            List.of(Part.QUERY, Part.KEY, Part.VALUE),
            List.of(Part.ATTENTION_OUT),
            List.of(Part.GATE_UP),
            List.of(Part.GATE, Part.UP),
            List.of(Part.DOWN));

    private final String path;
    private final int view;
    private final boolean isLast;
    private final ModelConfig config;
    private final Map<Part, Norm> norms = new EnumMap<>(Part.class);
    private final Map<Part, Projection> projections = new EnumMap<>(Part.class);
    private final List<List<Projection>> projectionsByInput;
    private final List<DecodeProjections> decodeProjections;

    /**
     * @param path the name in Hugging Face checkpoints, such as "model.layers.0"
     * @param number of the layer, from 0
     * @param norms the normalisations that it has
     * @param projections the projections that it has
     */
    public Layer(
            String path, int number, ModelConfig config, Map<Part, Norm> norms, Map<Part, Projection> projections) {
        this.path = path;
        this.view = config.views().indexOf(config.attention().get(number));
        this.isLast = number == config.layers() - 1;
        this.config = config;
        this.norms.putAll(norms);
        this.projections.putAll(projections);
        this.norms.values().forEach(norm -> addChildBlock(tail(norm.path()), norm));
        this.projections.values().forEach(projection -> addChildBlock(tail(projection.path()), projection));
        this.projectionsByInput = SHARING_INPUT.stream()
                .map(parts -> parts.stream()
                        .map(this.projections::get)
                        .filter(Objects::nonNull)
                        .toList())
                .filter(sharing -> !sharing.isEmpty())
                .toList();
        this.decodeProjections =
                projectionsByInput.stream().map(DecodeProjections::new).toList();
    }

    /** The name of a part within the layer, such as "self_attn.q_proj". */
    public String tail(String partPath) {
        return partPath.substring(path.length() + 1);
    }

    /** The name in Hugging Face checkpoints, such as "model.layers.0". */
    public String path() {
        return path;
    }

    /** Lists the projections in the order in which they are applied. */
    public List<Projection> projections() {
        return List.copyOf(projections.values());
    }

    /** Lists the same, those together that have the same input. */
    List<List<Projection>> projectionsByInput() {
        return projectionsByInput;
    }

    /** Lists the normalisations in the order in which they are applied. */
    public List<Norm> norms() {
        return List.copyOf(norms.values());
    }

    @Override
    public List<ParameterSlot> slots() {
        List<ParameterSlot> all = new ArrayList<>();
        norms.values().forEach(norm -> all.addAll(norm.slots()));
        projections.values().forEach(projection -> all.addAll(projection.slots()));
        return all;
    }

    /**
     * Bytes a token that its forward pass keeps for the backward pass: what enters a normalisation, an activation or the
     * attention, and what enters a projection whose own weight or adapter is trained.
     */
    public long keptPerToken() {
        long elements = projections().get(0).computeDtype().bytes();
        long normed = norms.entrySet().stream()
                .mapToLong(entry -> Float.BYTES * normed(entry.getKey()))
                .sum();
        long inputs = projectionsByInput.stream()
                .mapToLong(sharing -> keptInput(sharing, elements))
                .sum();
        // Query, key and value, repeated for each query head, and what attention makes of them.
        long attention = 4L * config.heads() * config.headDim();
        // A gate is kept before and after its activation, and what it multiplies.
        long mlp = (projections.containsKey(Part.DOWN) && !isGated() ? 1L : 3L) * config.intermediateSize();
        return normed + inputs + elements * (attention + mlp);
    }

    private boolean isGated() {
        return projections.containsKey(Part.GATE) || projections.containsKey(Part.GATE_UP);
    }

    private long normed(Part norm) {
        return switch (norm) {
            case QUERY_NORM, WHOLE_QUERY_NORM -> (long) config.heads() * config.headDim();
            case KEY_NORM, WHOLE_KEY_NORM -> (long) config.keyValueHeads() * config.headDim();
            default -> config.hiddenSize();
        };
    }

    /** What projections with the same input keep of it: all of it once, if one of them learns from it. */
    private static long keptInput(List<Projection> sharing, long elements) {
        boolean trained = sharing.stream()
                .anyMatch(projection -> projection.weightSlot().used().requiresGradient()
                        || projection.loraWeights().stream()
                                .anyMatch(delta -> delta.a().requiresGradient()));
        return trained ? elements * sharing.get(0).in() : 0;
    }

    /** Lists its own parameters and those of the adapters on it. */
    public List<Parameter> parametersAndAdapters() {
        List<Parameter> all = new ArrayList<>(getParameters().values());
        for (Projection projection : projections.values()) {
            projection.loraWeights().forEach(delta -> all.addAll(List.of(delta.a(), delta.b())));
        }
        overrides().forEach(override -> all.add(override.parameter()));
        return all;
    }

    /**
     * @param state [rotary table or empty, mask or empty], then with a cache [first position, keys, values]
     */
    NDArray forward(NDArray x, ForwardContext context, NDList state) {
        if (context.dequantized() != null) {
            context.dequantized().hold(projections());
        }
        List<NDList> operands = operands(context, x.getDevice());
        NDList parts = new NDList();
        double[] row = options(context.training(), operands, parts);
        try (NDArray options = Torch.host().create(row)) {
            return Ops.layer(x, options, context.training(), parts, state);
        }
    }

    /** Lists what the fused operation takes, an empty list where the layer lacks a part. */
    List<NDList> operands(ForwardContext context, Device device) {
        Map<Part, NDList> lists = new EnumMap<>(Part.class);
        norms.forEach((part, norm) -> lists.put(part, norm.parts(context, device)));
        projections.forEach((part, projection) -> lists.put(part, projection.parts(context, device)));
        return inPlaces(lists, context);
    }

    /**
     * As {@link #operands}, or what computes the same faster for few rows.
     *
     * @param decodeDtype in which they are multiplied by quantized values
     */
    List<NDList> operandsForFewRows(ForwardContext context, Device device, DType decodeDtype) {
        Map<Part, NDList> lists = new EnumMap<>(Part.class);
        norms.forEach((part, norm) -> lists.put(part, norm.parts(context, device)));
        for (int i = 0; i < decodeProjections.size(); i++) {
            List<Projection> sharing = projectionsByInput.get(i);
            List<NDList> parts = decodeProjections.get(i).parts(context, device, decodeDtype);
            for (int j = 0; j < parts.size(); j++) {
                lists.put(partOf(sharing.get(j)), parts.get(j));
            }
        }
        return inPlaces(lists, context);
    }

    private Part partOf(Projection projection) {
        return projections.entrySet().stream()
                .filter(entry -> entry.getValue() == projection)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private List<NDList> inPlaces(Map<Part, NDList> lists, ForwardContext context) {
        NDList wanted = isLast && context.wanted() != null ? new NDList(context.wanted()) : new NDList();
        Stream<NDList> operands = OPERANDS.stream().map(parts -> parts.stream()
                .filter(lists::containsKey)
                .findFirst()
                .map(lists::get)
                .orElseGet(NDList::new));
        return Stream.concat(operands, Stream.of(wanted)).toList();
    }

    /** Paths for few rows, by the projections' inputs. */
    List<DecodeProjections> decodeProjections() {
        return decodeProjections;
    }

    /**
     * Gives the options that the fused operation takes for this layer, with the place of each operand among all parts.
     *
     * @param operands of this layer
     * @param parts of layers before it; the operands are added to it
     */
    double[] options(boolean training, List<NDList> operands, NDList parts) {
        Scales scales = config.scales();
        double[] options = new double[9 + operands.size()];
        options[0] = config.heads();
        options[1] = config.keyValueHeads();
        options[2] = training ? 1 : 0;
        options[3] = config.activation().id();
        options[4] = scales.attention();
        options[5] = scales.attentionSoftcap();
        options[6] = scales.residual();
        options[7] = view();
        options[8] = parts.size();
        for (int i = 0; i < operands.size(); i++) {
            parts.addAll(operands.get(i));
            options[9 + i] = parts.size();
        }
        return options;
    }

    /** The number of the way in which it looks back among those of the model. */
    int view() {
        return view;
    }

    /** As a block of its own: x, then optionally the rotary table and the mask. */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDList state = new NDList(Stream.of(1, 2)
                .map(i -> inputs.size() > i
                        ? inputs.get(i)
                        : Ops.none(inputs.head().getManager()))
                .toList());
        return new NDList(forward(inputs.head(), ForwardContext.of(store, training), state));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }
}
