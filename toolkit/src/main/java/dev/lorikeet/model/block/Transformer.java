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
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.engine.TensorList;
import dev.lorikeet.tensor.format.PackedWeights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A decoder-only transformer: token vectors, layers, a final normalisation and a head. As a DJL block it takes ids (batch,
 * time) as int64 and gives logits (batch · time, head rows) in float32.
 */
public final class Transformer extends AbstractBlock implements HasParameterSlots {

    private final ModelConfig config;
    private final NDManager manager;
    private final Weight tokens;
    private final ParameterSlot tokensSlot;
    private final Weight positions;
    private final ParameterSlot positionsSlot;
    private final List<Layer> layers;
    private final Norm finalNorm;
    private final AttentionInputs attentionInputs;
    private final String ownHead;
    private Projection head;
    private DecodeProjections headForFewRows;
    private DType computeDtype;
    private DType decodeDtype;

    /**
     * @param tokens the table of token vectors (vocabulary, width)
     * @param positions the table of position vectors (context, width), or null without learned positions
     * @param head the projection to logits, whose weight may be that of {@code tokens}
     * @param manager owns the parameters
     */
    public Transformer(
            ModelConfig config,
            DType dtype,
            Weight tokens,
            Weight positions,
            List<Layer> layers,
            Norm finalNorm,
            Projection head,
            NDManager manager) {
        this.config = config;
        this.manager = manager;
        this.computeDtype = dtype;
        this.decodeDtype = dtype;
        this.tokens = tokens;
        this.tokensSlot = new ParameterSlot(addParameter(tokens.parameter()).getName(), tokens);
        this.positions = positions;
        this.positionsSlot = positions == null
                ? null
                : new ParameterSlot(addParameter(positions.parameter()).getName(), positions);
        this.layers = List.copyOf(layers);
        this.layers.forEach(layer -> addChildBlock(layer.path(), layer));
        this.finalNorm = addChildBlock("norm", finalNorm);
        this.head = addChildBlock("head", head);
        if (head.stored() == tokens) {
            tokens.share();
        }
        this.ownHead = head.path();
        this.headForFewRows = new DecodeProjections(List.of(head));
        this.attentionInputs = new AttentionInputs(config, manager);
    }

    /** Owns the parameters. */
    public NDManager manager() {
        return manager;
    }

    public ModelConfig config() {
        return config;
    }

    /** The table of token vectors (vocabulary, width). */
    public Parameter tokens() {
        return tokens.parameter();
    }

    public Weight tokenTable() {
        return tokens;
    }

    /** Whether any weight is stored in a quantised form. */
    public boolean isQuantized() {
        return stored().stream().anyMatch(Weight::isQuantized);
    }

    /** The token table and the projections' weights, a tied head's once. */
    public Collection<Weight> stored() {
        Set<Weight> stored = new LinkedHashSet<>(List.of(tokens));
        projections().forEach(projection -> stored.add(projection.stored()));
        return stored;
    }

    public List<Layer> layers() {
        return layers;
    }

    public Projection head() {
        return head;
    }

    DecodeProjections headForFewRows() {
        return headForFewRows;
    }

    private List<DecodeProjections> fewRows() {
        List<DecodeProjections> all = new ArrayList<>(List.of(headForFewRows));
        layers.forEach(layer -> all.addAll(layer.decodeProjections()));
        return all;
    }

    /** What the frozen weights take beside their parameters' arrays. */
    public NDList auxiliary() {
        NDList auxiliary = new NDList();
        stored().forEach(weight -> auxiliary.addAll(weight.auxiliary()));
        fewRows().forEach(few -> auxiliary.addAll(few.kept()));
        return auxiliary;
    }

    public Norm finalNorm() {
        return finalNorm;
    }

    /** Every projection, layer by layer, the head last. */
    public List<Projection> projections() {
        List<Projection> all = new ArrayList<>();
        layers.forEach(layer -> all.addAll(layer.projections()));
        all.add(head);
        return all;
    }

    /** The compute dtype, in which frozen dense weights are kept too. */
    public DType computeDtype() {
        return computeDtype;
    }

    /** The parameters that are kept in the compute dtype while they are frozen: all but the normalisations. */
    Set<Parameter> weights() {
        Set<Parameter> weights = Collections.newSetFromMap(new IdentityHashMap<>());
        tableSlots().forEach(slot -> weights.add(slot.own()));
        projections()
                .forEach(projection -> projection.getDirectParameters().values().forEach(weights::add));
        return weights;
    }

    /** The tables of vectors that the ids are looked up in: those in use, which may be an adapter's. */
    public List<Parameter> tables() {
        return tableSlots().stream().map(ParameterSlot::used).toList();
    }

    public ParameterSlot tokensSlot() {
        return tokensSlot;
    }

    /** The table of position vectors, or null without learned positions. */
    public Weight positionTable() {
        return positions;
    }

    public ParameterSlot positionsSlot() {
        return positionsSlot;
    }

    private List<ParameterSlot> tableSlots() {
        return positions == null ? List.of(tokensSlot) : List.of(tokensSlot, positionsSlot);
    }

    /** Whether it has the head that it was built with, and not a classifier's. */
    public boolean hasOwnHead() {
        return head.path().equals(ownHead);
    }

    /** Whether the head multiplies by the very token table that the ids are looked up in: no adapter has changed one of them alone. */
    public boolean isHeadTied() {
        return config.tiedEmbeddings() && head.weightSlot().used() == tokensSlot.used();
    }

    /** Every place where an adapter may put a parameter of its own, in the order in which data passes. */
    @Override
    public List<ParameterSlot> slots() {
        List<ParameterSlot> all = new ArrayList<>(tableSlots());
        layers.forEach(layer -> all.addAll(layer.slots()));
        all.addAll(finalNorm.slots());
        all.addAll(head.slots());
        return all;
    }

    /** The dtype in which single tokens are multiplied by quantized weights. */
    public DType decodeDtype() {
        return decodeDtype;
    }

    /** Whether any weights are multiplied in their quantized form in that dtype, if it is bfloat16. */
    public boolean decodesQuantized() {
        return projections().stream()
                .anyMatch(projection -> projection.usesQuantized()
                        && PackedWeights.canBePacked(projection.stored().quantized()));
    }

    public void decodeDtype(DType other) {
        decodeDtype = other;
    }

    /** Sets the compute dtype, and that of the frozen weights. */
    public void computeDtype(DType other) {
        computeDtype = other;
        decodeDtype = other;
        projections().forEach(projection -> projection.computeDtype(other));
        Set<Parameter> coded = new HashSet<>();
        stored().stream().filter(Weight::isQuantized).forEach(weight -> coded.add(weight.parameter()));
        for (Parameter weight : weights()) {
            if (!weight.requiresGradient() && !coded.contains(weight)) {
                Parameters.change(weight, true, other);
            }
        }
    }

    /** Freezes or thaws some of the parameters: trained weights are float32, frozen ones are kept in the compute dtype. */
    public void freeze(Collection<Parameter> parameters, boolean frozen) {
        if (!frozen) {
            stored().stream()
                    .filter(weight -> parameters.contains(weight.parameter()))
                    .forEach(Weight::checkTrainable);
        }
        Set<Parameter> weights = weights();
        for (Parameter parameter : parameters) {
            if (parameter.requiresGradient() == frozen) {
                boolean compact = frozen && weights.contains(parameter);
                Parameters.change(parameter, frozen, compact ? computeDtype : DType.FLOAT32);
            }
        }
    }

    /** Puts another head in place of the present one, as a classifier does. */
    public void replaceHead(Projection other) {
        children.remove(children.keys().get(children.size() - 1));
        head = addChildBlock("head", other);
        headForFewRows.forget();
        headForFewRows = new DecodeProjections(List.of(head));
    }

    private NDArray embed(NDArray ids, NDArray at, ForwardContext context) {
        double scale = config.scales().embedding();
        NDList table = tokens.table(tokensSlot, context.store(), ids.getDevice(), context.training());
        if (positions == null) {
            return Ops.embed(ids, scale, table, context.training());
        }
        NDList positionTable = positions.table(positionsSlot, context.store(), ids.getDevice(), context.training());
        return Ops.embed(ids, scale, at, table, positionTable, context.training());
    }

    /**
     * What goes into the first layer.
     *
     * @param x the residual stream (batch, time, width)
     * @param shared what layers need beside it: for each view its rotary table or empty and its mask or empty, then with a cache the
     *     first position
     */
    public record Entrance(NDArray x, NDList shared) {}

    /** Looks up the vectors of ids (batch, time). */
    public Entrance enter(NDArray ids, ForwardContext context) {
        if (context.training()) {
            fewRows().forEach(DecodeProjections::forget);
        }
        int start = context.cache() == null ? 0 : context.cache().length();
        int time = (int) ids.getShape().get(1);
        BadArgumentException.unless(
                start + time <= config.contextLength(),
                "sequence length",
                start + time,
                "at most " + config.contextLength() + " tokens, the model's context");
        NDManager manager = ids.getManager();
        NDArray positions = AttentionInputs.positions(manager, context, start, time);
        NDList shared = attentionInputs.of(positions, context, start, time);
        if (context.cache() != null) {
            shared.add(manager.create((long) start).toDevice(Device.cpu(), false));
        }
        return new Entrance(embed(ids, positions, context), shared);
    }

    /** Whether keys in a cache of {@code before} tokens cannot be used once there are {@code after}. */
    public boolean outdatesCache(int before, int after) {
        return attentionInputs.outdatesCache(before, after);
    }

    /** The residual stream after a layer, given that before it. */
    public NDArray layer(int number, NDArray x, NDList shared, ForwardContext context) {
        Layer layer = layers.get(number);
        NDList state = new NDList(shared.get(2 * layer.view()), shared.get(2 * layer.view() + 1));
        return layer.forward(x, context, state);
    }

    /** The residual stream (batch, time, width) after the last layer, before the final normalisation. */
    public NDArray hidden(NDArray ids, ForwardContext context) {
        if (context.training()) {
            Entrance entrance = enter(ids, context);
            NDArray x = entrance.x();
            for (int i = 0; i < layers.size(); i++) {
                try (NDArray before = x) {
                    x = layer(i, before, entrance.shared(), context);
                }
            }
            return x;
        }
        try (FusedLayers stack = stack(context, ids.getDevice(), false)) {
            return hidden(ids, context, stack);
        }
    }

    /** As {@link #hidden(NDArray, ForwardContext)}, for a pass that is not recorded; several may share a stack. */
    public NDArray hidden(NDArray ids, ForwardContext context, FusedLayers stack) {
        Entrance entrance = enter(ids, context);
        try (NDArray x = entrance.x()) {
            if (context.cache() == null) {
                try (TensorList none = TensorList.of(new NDList())) {
                    return all(x, stack, entrance.shared(), none);
                }
            }
            NDArray last = all(x, stack, entrance.shared(), context.cache().arrays());
            context.cache().advance((int) ids.getShape().get(1));
            return last;
        }
    }

    /** @param few whether the passes will have few rows */
    public FusedLayers stack(ForwardContext context, Device device, boolean few) {
        return FusedLayers.of(this, context, device, few);
    }

    private static NDArray all(NDArray x, FusedLayers stack, NDList shared, TensorList cache) {
        return Ops.layers(x, stack.options(), stack.parts(), shared, cache);
    }

    /**
     * The head's output in float32.
     *
     * @param hidden (batch, time, width)
     * @param rows int64 indices of the wanted rows of (batch · time), or null for all
     */
    public NDArray logits(NDArray hidden, NDArray rows, ForwardContext context) {
        Device device = hidden.getDevice();
        if (context.dequantized() != null) {
            context.dequantized().hold(List.of(head));
        }
        NDArray wanted = rows == null ? Ops.none(hidden.getManager()) : rows;
        return logits(
                hidden, wanted, context.training(), finalNorm.parts(context, device), head.parts(context, device));
    }

    /** As {@link #logits(NDArray, NDArray, ForwardContext)}, with the operands of a stack. */
    public NDArray logits(NDArray hidden, NDArray rows, FusedLayers stack) {
        return logits(hidden, rows, false, stack.norm(), stack.head());
    }

    /** A classifier's logits are neither scaled nor capped. */
    private NDArray logits(NDArray hidden, NDArray rows, boolean training, NDList norm, NDList projection) {
        double scale = hasOwnHead() ? 1 / config.scales().logitDivisor() : 1;
        double softcap = hasOwnHead() ? config.scales().logitSoftcap() : 0;
        return Ops.head(hidden, rows, training, scale, softcap, norm, projection);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray keep = inputs.size() > 1 ? inputs.get(1) : null;
        ForwardContext context = ForwardContext.of(store, training).paddingMask(keep);
        return new NDList(logits(hidden(inputs.head(), context), null, context));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].size(), head.out())};
    }
}
