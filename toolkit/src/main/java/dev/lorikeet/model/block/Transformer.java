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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A transformer: embeddings, layers, and where a model has them a final normalisation, a pooler and a head. As a DJL block it takes ids
 * (batch, time) as int64 and gives logits (batch · time, head rows) in float32.
 */
public final class Transformer extends AbstractBlock implements HasParameterSlots {

    private final ModelConfig config;
    private final NDManager manager;
    private final InputEmbedding embeddings;
    private final List<Layer> layers;
    private final Norm finalNorm;
    private final AttentionInputs attentionInputs;
    private final String ownHead;
    private Pooler pooler;
    private Projection head;
    private DecodeProjections headForFewRows;
    private DType computeDtype;
    private DType decodeDtype;

    /**
     * @param finalNorm or null without one
     * @param pooler or null without one
     * @param head the projection to logits, whose weight may be that of the token table; null without one
     * @param manager owns the parameters
     */
    public Transformer(
            ModelConfig config,
            DType dtype,
            InputEmbedding embeddings,
            List<Layer> layers,
            Norm finalNorm,
            Pooler pooler,
            Projection head,
            NDManager manager) {
        this.config = config;
        this.manager = manager;
        this.computeDtype = dtype;
        this.decodeDtype = dtype;
        this.embeddings = addChildBlock("embeddings", embeddings);
        this.layers = List.copyOf(layers);
        this.layers.forEach(layer -> addChildBlock(layer.path(), layer));
        this.finalNorm = finalNorm == null ? null : addChildBlock("norm", finalNorm);
        this.pooler = pooler == null ? null : addChildBlock("pooler", pooler);
        this.head = head == null ? null : addChildBlock("head", head);
        if (head != null && head.stored() == embeddings.tokens()) {
            embeddings.tokens().share();
        }
        this.ownHead = path(head);
        this.headForFewRows = forFewRows(head);
        this.attentionInputs = new AttentionInputs(config, manager);
    }

    /** Owns the parameters. */
    public NDManager manager() {
        return manager;
    }

    public ModelConfig config() {
        return config;
    }

    private static String path(Projection head) {
        return head == null ? "" : head.path();
    }

    private static DecodeProjections forFewRows(Projection head) {
        return new DecodeProjections(Stream.ofNullable(head).toList());
    }

    public InputEmbedding embeddings() {
        return embeddings;
    }

    /** The table of token vectors (vocabulary, width). */
    public Parameter tokens() {
        return embeddings.tokens().parameter();
    }

    /** Whether any weight is stored in a quantised form. */
    public boolean isQuantized() {
        return stored().stream().anyMatch(Weight::isQuantized);
    }

    /** The token table and the projections' weights, a tied head's once. */
    public Collection<Weight> stored() {
        Set<Weight> stored = new LinkedHashSet<>(List.of(embeddings.tokens()));
        projections().forEach(projection -> stored.add(projection.stored()));
        return stored;
    }

    public List<Layer> layers() {
        return layers;
    }

    /** The projection to logits; null for an encoder without a task. */
    public Projection head() {
        return head;
    }

    /** What stands between an encoder and a classifier's head; null without it. */
    public Pooler pooler() {
        return pooler;
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

    /** Null without one. */
    public Norm finalNorm() {
        return finalNorm;
    }

    /** Every projection, layer by layer, then the pooler's, the head last. */
    public List<Projection> projections() {
        List<Projection> all = new ArrayList<>();
        layers.forEach(layer -> all.addAll(layer.projections()));
        Stream.ofNullable(pooler).map(Pooler::dense).forEach(all::add);
        Stream.ofNullable(head).forEach(all::add);
        return all;
    }

    /** The compute dtype, in which frozen dense weights are kept too. */
    public DType computeDtype() {
        return computeDtype;
    }

    /** The parameters that are kept in the compute dtype while they are frozen: all but the normalisations. */
    Set<Parameter> weights() {
        Set<Parameter> weights = Collections.newSetFromMap(new IdentityHashMap<>());
        embeddings.tableSlots().forEach(slot -> weights.add(slot.own()));
        projections()
                .forEach(projection -> projection.getDirectParameters().values().forEach(weights::add));
        return weights;
    }

    /** Whether it has the head that it was built with, and not a classifier's. */
    public boolean hasOwnHead() {
        return path(head).equals(ownHead);
    }

    /** Whether the head multiplies by the very token table that the ids are looked up in: no adapter has changed one of them alone. */
    public boolean isHeadTied() {
        return config.tiedEmbeddings()
                && head != null
                && head.weightSlot().used() == embeddings.tokensSlot().used();
    }

    /** Every place where an adapter may put a parameter of its own, in the order in which data passes. */
    @Override
    public List<ParameterSlot> slots() {
        List<ParameterSlot> all = new ArrayList<>(embeddings.slots());
        layers.forEach(layer -> all.addAll(layer.slots()));
        Stream.of(finalNorm, pooler, head).filter(Objects::nonNull).forEach(block -> all.addAll(block.slots()));
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
        if (head != null) {
            children.remove(children.keys().get(children.size() - 1));
        }
        head = addChildBlock("head", other);
        headForFewRows.forget();
        headForFewRows = forFewRows(head);
    }

    /** Adds the pooler of a classifier to an encoder that has neither pooler nor head. */
    public void addPooler(Pooler made) {
        BadArgumentException.unless(
                pooler == null && head == null, "pooler", path(head), "an encoder without pooler and head");
        pooler = addChildBlock("pooler", made);
    }

    /** Takes the pooler away from a model whose head sees each token by itself. */
    public void removePooler() {
        if (pooler != null) {
            children.remove(children.keys().get(children.values().indexOf(pooler)));
            pooler = null;
        }
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
        return new Entrance(embeddings.of(ids, positions, context), shared);
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
        NDList norm = finalNorm == null ? new NDList() : finalNorm.parts(context, device);
        if (config.isEncoder() || context.averages()) {
            return withPooler(hidden, rows, context, norm);
        }
        NDArray wanted = rows == null ? Ops.none(hidden.getManager()) : rows;
        return logits(hidden, wanted, context.training(), norm, head.parts(context, device));
    }

    /** The states (batch, time, width) in float32 after the final normalisation; {@code hidden} itself in a model without one. */
    public NDArray normalised(NDArray hidden, ForwardContext context) {
        return finalNorm == null
                ? hidden
                : Ops.norm(hidden, finalNorm.parts(context, hidden.getDevice()), context.training());
    }

    /** The head on the states wanted, or on the means of texts, by way of the pooler. */
    private NDArray withPooler(NDArray hidden, NDArray rows, ForwardContext context, NDList norm) {
        Device device = hidden.getDevice();
        boolean pools = pooler != null && context.pools();
        NDList poolerNorm = pools && pooler.norm() != null ? pooler.norm().parts(context, device) : new NDList();
        return Ops.encoderHead(
                hidden,
                rows,
                context.averages() ? context.paddingMask() : null,
                context.training(),
                pools ? pooler.activation().id() : 0,
                norm,
                pools ? pooler.dense().parts(context, device) : new NDList(),
                poolerNorm,
                head.parts(context, device));
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
