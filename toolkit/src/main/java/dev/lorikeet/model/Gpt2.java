package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.lorikeet.tensor.Ops;
import dev.lorikeet.tensor.engine.TensorList;
import java.util.List;
import java.util.stream.IntStream;

/** GPT-2 (Radford et al. 2019): learned positions, layer normalisation, fused attention projections, a tied head. */
final class Gpt2 extends Transformer {

    private final Weight positions;
    private final ParameterSlot positionsSlot;

    private Gpt2(Config config, Builder from, Weight tokens, List<Gpt2Layer> layers) {
        super(
                config,
                from.precision(),
                tokens,
                layers,
                from.norm("transformer.ln_f"),
                from.head(CausalModel.HEAD, tokens));
        this.positions = from.table("transformer.wpe.weight");
        this.positionsSlot =
                new ParameterSlot(addParameter(positions.parameter()).getName(), positions);
    }

    static Gpt2 build(Config config, Builder from) {
        Weight tokens = from.vocabulary("transformer.wte.weight");
        List<Gpt2Layer> layers = IntStream.range(0, config.layers())
                .mapToObj(i -> new Gpt2Layer("transformer.h." + i, config, from))
                .toList();
        return new Gpt2(config, from, tokens, layers);
    }

    /** The table of position vectors (context, width). */
    Weight positionTable() {
        return positions;
    }

    ParameterSlot positionsSlot() {
        return positionsSlot;
    }

    @Override
    List<ParameterSlot> tableSlots() {
        return List.of(tokensSlot(), positionsSlot);
    }

    @Override
    NDArray embed(NDArray ids, NDArray positions, ForwardContext pass) {
        return Ops.embed(
                ids,
                positions,
                tokenTable().table(tokensSlot(), pass.store(), ids.getDevice(), pass.training()),
                this.positions.table(positionsSlot, pass.store(), ids.getDevice(), pass.training()),
                pass.training());
    }

    @Override
    NDArray rope(NDArray positions) {
        return Ops.none(positions.getManager());
    }

    @Override
    NDArray all(NDArray x, FusedLayers stack, NDList shared, TensorList cache) {
        return Ops.gpt2Layers(x, stack.shape(), stack.ends(), stack.parts(), shared, cache);
    }
}
