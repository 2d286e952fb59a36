package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.lorikeet.tensor.Ops;
import java.util.List;

/** Pre-norm attention over fused query, key and value, and a tanh-GELU MLP (Radford et al. 2019). */
final class Gpt2Layer extends Layer {

    private final Norm norm1;
    private final Projection attention;
    private final Projection attentionOut;
    private final Norm norm2;
    private final Projection mlp;
    private final Projection mlpOut;

    Gpt2Layer(String path, Config config, Builder from) {
        super(path, config);
        long width = config.width();
        norm1 = addChildBlock("ln_1", from.norm(path + ".ln_1"));
        attention = addChildBlock(
                "attn.c_attn",
                from.projection(
                        path + ".attn.c_attn",
                        new Projection.Slice("query", 0, width),
                        new Projection.Slice("key", width, width),
                        new Projection.Slice("value", 2 * width, width)));
        attentionOut = addChildBlock("attn.c_proj", from.projection(path + ".attn.c_proj"));
        norm2 = addChildBlock("ln_2", from.norm(path + ".ln_2"));
        mlp = addChildBlock("mlp.c_fc", from.projection(path + ".mlp.c_fc"));
        mlpOut = addChildBlock("mlp.c_proj", from.projection(path + ".mlp.c_proj"));
    }

    @Override
    List<List<Projection>> projectionsByInput() {
        return List.of(List.of(attention), List.of(attentionOut), List.of(mlp), List.of(mlpOut));
    }

    @Override
    List<Norm> norms() {
        return List.of(norm1, norm2);
    }

    @Override
    public long keptPerToken() {
        long width = config().width();
        long norms = 2 * Float.BYTES * width;
        long inputs = keptInput(attention) + keptInput(attentionOut) + keptInput(mlp) + keptInput(mlpOut);
        // Query, key, value and what attention makes of them; the MLP's hidden layer before its activation.
        return norms + inputs + precisionBytes() * (4 * width + config().mlpWidth());
    }

    @Override
    List<Operand> operands() {
        return List.of(norm1, attention, attentionOut, norm2, mlp, mlpOut);
    }

    @Override
    NDArray fused(NDArray x, NDArray shape, boolean training, NDList... parts) {
        return Ops.gpt2Layer(x, shape, training, parts);
    }
}
