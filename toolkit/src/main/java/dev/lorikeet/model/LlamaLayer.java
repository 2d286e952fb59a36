package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.lorikeet.tensor.Ops;
import java.util.List;

/** RMS-normed attention with rotary positions and grouped queries, and a SiLU-gated MLP (Touvron et al. 2023). */
final class LlamaLayer extends Layer {

    private final Norm norm1;
    private final Projection query;
    private final Projection key;
    private final Projection value;
    private final Projection out;
    private final Norm norm2;
    private final Projection gate;
    private final Projection up;
    private final Projection down;

    LlamaLayer(String path, Config config, Builder from) {
        super(path, config);
        norm1 = addChildBlock("input_layernorm", from.norm(path + ".input_layernorm"));
        query = child(from, "self_attn.q_proj");
        key = child(from, "self_attn.k_proj");
        value = child(from, "self_attn.v_proj");
        out = child(from, "self_attn.o_proj");
        norm2 = addChildBlock("post_attention_layernorm", from.norm(path + ".post_attention_layernorm"));
        gate = child(from, "mlp.gate_proj");
        up = child(from, "mlp.up_proj");
        down = child(from, "mlp.down_proj");
    }

    private Projection child(Builder from, String name) {
        return addChildBlock(name, from.projection(path() + "." + name));
    }

    @Override
    List<List<Projection>> projectionsByInput() {
        return List.of(List.of(query, key, value), List.of(out), List.of(gate, up), List.of(down));
    }

    @Override
    List<Norm> norms() {
        return List.of(norm1, norm2);
    }

    @Override
    public long keptPerToken() {
        long norms = 2L * Float.BYTES * config().width();
        long inputs = keptInput(query, key, value) + keptInput(out) + keptInput(gate, up) + keptInput(down);
        // Keys and values are repeated for each query head; the gate is kept before and after its activation.
        long attention = 4L * config().heads() * config().headWidth();
        return norms + inputs + precisionBytes() * (attention + 3L * config().mlpWidth());
    }

    @Override
    List<Operand> operands() {
        return List.of(norm1, query, key, value, out, norm2, gate, up, down);
    }

    @Override
    NDArray fused(NDArray x, NDArray shape, boolean training, NDList... parts) {
        return Ops.llamaLayer(x, shape, training, parts);
    }
}
