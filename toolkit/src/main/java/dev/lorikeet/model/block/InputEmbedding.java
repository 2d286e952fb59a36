package dev.lorikeet.model.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.tensor.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What goes into the first layer: the vectors of tokens, and where a model has them those of positions and of token types, and a norm
 * of the sum. As a DJL block it takes ids (batch, time) as int64 and gives (batch, time, width) in float32.
 */
public final class InputEmbedding extends AbstractBlock implements HasParameterSlots {

    private final ModelConfig config;
    private final Weight tokens;
    private final ParameterSlot tokensSlot;
    private final Weight positions;
    private final ParameterSlot positionsSlot;
    private final Weight types;
    private final ParameterSlot typesSlot;
    private final Norm norm;

    /**
     * @param tokens the table of token vectors (vocabulary, width)
     * @param positions the table of position vectors (context, width), or null without learned positions
     * @param types the table of token types (types, width), or null without it
     * @param norm of the sum, or null without it
     */
    public InputEmbedding(ModelConfig config, Weight tokens, Weight positions, Weight types, Norm norm) {
        this.config = config;
        this.tokens = tokens;
        this.tokensSlot = slot(tokens);
        this.positions = positions;
        this.positionsSlot = slot(positions);
        this.types = types;
        this.typesSlot = slot(types);
        this.norm = norm == null ? null : addChildBlock("norm", norm);
    }

    private ParameterSlot slot(Weight table) {
        return table == null
                ? null
                : new ParameterSlot(addParameter(table.parameter()).getName(), table);
    }

    /** The table of token vectors. */
    public Weight tokens() {
        return tokens;
    }

    public ParameterSlot tokensSlot() {
        return tokensSlot;
    }

    /** The tables in the order in which their vectors are added, by what they are of. */
    public List<Table> tables() {
        List<Table> all = new ArrayList<>(List.of(new Table("tokens", tokens, tokensSlot)));
        if (positions != null) {
            all.add(new Table("positions", positions, positionsSlot));
        }
        if (types != null) {
            all.add(new Table("token types", types, typesSlot));
        }
        return all;
    }

    /**
     * A table of vectors.
     *
     * @param name such as "positions"
     */
    public record Table(String name, Weight weight, ParameterSlot slot) {}

    /** The norm of the sum, or null without it. */
    public Norm norm() {
        return norm;
    }

    List<ParameterSlot> tableSlots() {
        return Stream.of(tokensSlot, positionsSlot, typesSlot)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public List<ParameterSlot> slots() {
        List<ParameterSlot> all = new ArrayList<>(tableSlots());
        if (norm != null) {
            all.addAll(norm.slots());
        }
        return all;
    }

    /** The parameters in use, which may be an adapter's. */
    public List<Parameter> used() {
        return slots().stream().map(ParameterSlot::used).toList();
    }

    /**
     * @param ids int64 (batch, time)
     * @param at the position of each token, int64 (batch or 1, time)
     */
    NDArray of(NDArray ids, NDArray at, ForwardContext context) {
        NDArray x = ofTokens(ids, at, context);
        if (types != null) {
            try (NDArray before = x) {
                x = withTypes(before, ids, context);
            }
        }
        if (norm != null) {
            try (NDArray before = x) {
                x = Ops.norm(before, norm.parts(context, ids.getDevice()), context.training());
            }
        }
        return x;
    }

    private NDArray ofTokens(NDArray ids, NDArray at, ForwardContext context) {
        double scale = config.scales().embedding();
        NDList table = tokens.table(tokensSlot, context.store(), ids.getDevice(), context.training());
        if (positions == null) {
            return Ops.embed(ids, scale, table, context.training());
        }
        NDList positionTable = positions.table(positionsSlot, context.store(), ids.getDevice(), context.training());
        if (config.firstPosition() == 0) {
            return Ops.embed(ids, scale, at, table, positionTable, context.training());
        }
        try (NDArray rows = at.add(config.firstPosition())) {
            return Ops.embed(ids, scale, rows, table, positionTable, context.training());
        }
    }

    private NDArray withTypes(NDArray x, NDArray ids, ForwardContext context) {
        NDList table = types.table(typesSlot, context.store(), ids.getDevice(), context.training());
        NDArray given = context.tokenTypes() == null
                ? ids.zerosLike()
                : context.tokenTypes().duplicate();
        try (given;
                NDArray vectors = Ops.embed(given, 1, table, context.training())) {
            return x.add(vectors);
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray ids = inputs.head();
        ForwardContext context = ForwardContext.of(store, training);
        int time = (int) ids.getShape().get(1);
        return new NDList(of(ids, AttentionInputs.positions(ids.getManager(), context, 0, time), context));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {inputs[0].addAll(new Shape(config.hiddenSize()))};
    }
}
