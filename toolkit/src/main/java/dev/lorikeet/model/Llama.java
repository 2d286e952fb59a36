package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.lorikeet.tensor.Ops;
import java.util.List;
import java.util.stream.IntStream;

/** Llama (Touvron et al. 2023): rotary positions, root-mean-square normalisation, grouped queries, gated MLPs. */
final class Llama extends Transformer {

    private final NDArray frequencies;

    private Llama(Config config, Builder from, Parameter tokens, List<LlamaLayer> layers) {
        super(config, from.precision(), tokens, layers, from.norm("model.norm"), from.head(CausalModel.HEAD, tokens));
        this.frequencies = frequencies(from.manager(), config);
    }

    static Llama build(Config config, Builder from) {
        Parameter tokens = from.parameter("model.embed_tokens.weight");
        List<LlamaLayer> layers = IntStream.range(0, config.layers())
                .mapToObj(i -> new LlamaLayer("model.layers." + i, config, from))
                .toList();
        return new Llama(config, from, tokens, layers);
    }

    /** θ^(-2i/d) for i in [0, d/2), computed in float32 as the reference does, so that long contexts agree. */
    private static NDArray frequencies(NDManager manager, Config config) {
        float[] values = new float[config.headWidth() / 2];
        for (int i = 0; i < values.length; i++) {
            float exponent = 2f * i / config.headWidth();
            values[i] = 1f / (float) Math.pow(config.ropeTheta(), exponent);
        }
        return manager.create(values);
    }

    @Override
    NDArray embed(NDArray ids, NDArray positions, Pass pass) {
        return Ops.embed(
                ids, pass.store().getValue(tokensSlot().used(), ids.getDevice(), pass.training()), pass.training());
    }

    @Override
    NDArray rope(NDArray positions) {
        return Ops.rope(positions, frequencies);
    }
}
