package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.engine.TensorList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Llama (Touvron et al. 2023): rotary positions, root-mean-square normalisation, grouped queries, gated MLPs. Mistral (Jiang et
 * al. 2023) looks back through a window, Qwen2 (Yang et al. 2024) has biases on query, key and value.
 */
final class Llama extends Transformer {

    private final NDArray frequencies;

    private Llama(Config config, Builder from, Weight tokens, List<LlamaLayer> layers) {
        super(config, from.precision(), tokens, layers, from.norm("model.norm"), from.head(CausalModel.HEAD, tokens));
        this.frequencies = from.manager().create(config.rope().frequencies(config.headWidth()));
    }

    static Llama build(Config config, Builder from) {
        Weight tokens = from.vocabulary("model.embed_tokens.weight");
        List<LlamaLayer> layers = IntStream.range(0, config.layers())
                .mapToObj(i -> new LlamaLayer("model.layers." + i, config, from))
                .toList();
        return new Llama(config, from, tokens, layers);
    }

    @Override
    NDArray embed(NDArray ids, NDArray positions, ForwardContext pass) {
        NDList table = tokenTable().table(tokensSlot(), pass.store(), ids.getDevice(), pass.training());
        return Ops.embed(ids, table, pass.training());
    }

    @Override
    NDArray rope(NDArray positions) {
        return Ops.rope(positions, frequencies);
    }

    @Override
    NDArray all(NDArray x, FusedLayers stack, NDList shared, TensorList cache) {
        return Ops.llamaLayers(x, stack.shape(), stack.ends(), stack.parts(), shared, cache);
    }
}
