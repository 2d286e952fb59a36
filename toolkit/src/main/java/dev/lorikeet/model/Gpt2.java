package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.lorikeet.tensor.Ops;
import java.util.List;
import java.util.stream.IntStream;

/** GPT-2 (Radford et al. 2019): learned positions, layer normalisation, fused attention projections, a tied head. */
final class Gpt2 extends Transformer {

    private final Weight positions;

    private Gpt2(Config config, Builder from, Weight tokens, List<Gpt2Layer> layers) {
        super(
                config,
                from.precision(),
                tokens,
                layers,
                from.norm("transformer.ln_f"),
                from.head(CausalModel.HEAD, tokens));
        this.positions = from.table("transformer.wpe.weight");
        addParameter(positions.parameter());
    }

    static Gpt2 build(Config config, Builder from) {
        Weight tokens = from.table("transformer.wte.weight");
        List<Gpt2Layer> layers = IntStream.range(0, config.layers())
                .mapToObj(i -> new Gpt2Layer("transformer.h." + i, config, from))
                .toList();
        return new Gpt2(config, from, tokens, layers);
    }

    /** The table of position vectors (context, width). */
    Weight positionTable() {
        return positions;
    }

    @Override
    public List<Parameter> tables() {
        return List.of(tokens(), positions.parameter());
    }

    @Override
    NDArray embed(NDArray ids, NDArray positions, Pass pass) {
        return Ops.embed(
                ids,
                positions,
                tokenTable().table(pass.store(), ids.getDevice(), pass.training()),
                this.positions.table(pass.store(), ids.getDevice(), pass.training()),
                pass.training());
    }

    @Override
    NDArray rope(NDArray positions) {
        return Ops.none(positions.getManager());
    }
}
