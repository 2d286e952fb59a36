package dev.lorikeet.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder-only transformer: token vectors, layers, a final normalisation and a head. As a DJL block it takes ids (batch,
 * time) as int64 and gives logits (batch · time, head rows) in float32.
 */
public abstract class Transformer extends AbstractBlock {

    private final Config config;
    private final Parameter tokens;
    private final List<Layer> layers;
    private final Norm finalNorm;
    private Projection head;

    Transformer(Config config, Parameter tokens, List<? extends Layer> layers, Norm finalNorm, Projection head) {
        this.config = config;
        this.tokens = addParameter(tokens);
        this.layers = List.copyOf(layers);
        this.layers.forEach(layer -> addChildBlock(layer.path(), layer));
        this.finalNorm = addChildBlock("norm", finalNorm);
        this.head = addChildBlock("head", head);
    }

    public final Config config() {
        return config;
    }

    /** The table of token vectors (vocabulary, width). */
    public final Parameter tokens() {
        return tokens;
    }

    public final List<Layer> layers() {
        return layers;
    }

    public final Projection head() {
        return head;
    }

    final Norm finalNorm() {
        return finalNorm;
    }

    /** Every projection, layer by layer, the head last. */
    public final List<Projection> projections() {
        List<Projection> all = new ArrayList<>();
        layers.forEach(layer -> all.addAll(layer.projections()));
        all.add(head);
        return all;
    }

    /** Puts another head in place of the present one, as a classifier does. */
    final void replaceHead(Projection other) {
        children.remove(children.keys().get(children.size() - 1));
        head = addChildBlock("head", other);
    }

    /** The vectors that enter the first layer. */
    abstract NDArray embed(NDArray ids, NDArray positions, Pass pass);

    /** Rotary cosines and sines for the positions, or an empty array. */
    abstract NDArray rope(NDArray positions);

    /** The residual stream (batch, time, width) after the last layer, before the final normalisation. */
    public final NDArray hidden(NDArray ids, Pass pass) {
        int start = pass.cache() == null ? 0 : pass.cache().length();
        int time = (int) ids.getShape().get(1);
        BadArgumentException.unless(
                start + time <= config.context(),
                "sequence length",
                start + time,
                "at most " + config.context() + " tokens, the model's context");
        NDManager manager = ids.getManager();
        NDArray positions = pass.keep() == null
                ? manager.arange(start, start + time, 1, DataType.INT64).reshape(1, time)
                : positionsOf(pass.keep(), time);
        NDArray x = embed(ids, positions, pass);
        NDArray rope = rope(positions);
        NDArray mask = mask(manager, pass, start, time);
        NDArray first = manager.create((long) start).toDevice(Device.cpu(), false);
        for (int i = 0; i < layers.size(); i++) {
            NDList state = new NDList(rope, mask);
            if (pass.cache() != null) {
                state.add(first);
                state.add(pass.cache().keys(i));
                state.add(pass.cache().values(i));
            }
            x = layers.get(i).forward(x, pass, state);
        }
        if (pass.cache() != null) {
            pass.cache().advance(time);
        }
        return x;
    }

    /**
     * The head's output in float32.
     *
     * @param hidden (batch, time, width)
     * @param rows int64 numbers of the wanted rows of (batch · time), or null for all
     */
    public final NDArray logits(NDArray hidden, NDArray rows, Pass pass) {
        Device device = hidden.getDevice();
        return Ops.head(
                hidden,
                rows == null ? Ops.none(hidden.getManager()) : rows,
                pass.training(),
                finalNorm.parts(pass.store(), device, pass.training()),
                head.parts(pass.store(), device, pass.training()));
    }

    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray keep = inputs.size() > 1 ? inputs.get(1) : null;
        Pass pass = new Pass(store, training, keep, null);
        return new NDList(logits(hidden(inputs.head(), pass), null, pass));
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].size(), head.out())};
    }

    /** Positions count the real tokens; those of padding do not matter. */
    private static NDArray positionsOf(NDArray keep, int time) {
        NDArray counted = keep.toType(DataType.INT64, false).cumSum(1).sub(1).maximum(0);
        long all = counted.getShape().get(1);
        return counted.get(":, {}:", all - time).toType(DataType.INT64, false);
    }

    private static NDArray mask(NDManager manager, Pass pass, int start, int time) {
        if (pass.keep() != null) {
            return Ops.causalMask(pass.keep(), time);
        }
        if (start > 0 && time > 1) {
            return Ops.causalMask(manager.ones(new Shape(1, start + time), DataType.BOOLEAN), time);
        }
        return Ops.none(manager);
    }
}
