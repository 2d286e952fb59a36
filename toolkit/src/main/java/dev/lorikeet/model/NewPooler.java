package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.lorikeet.model.block.Norm;
import dev.lorikeet.model.block.Parameters;
import dev.lorikeet.model.block.Pooler;
import dev.lorikeet.model.block.Projection;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.block.Weight;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.Part;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.io.LoadedModel;
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the pooler of a new classifier for an encoder that came without one. */
final class NewPooler {

    private NewPooler() {}

    /**
     * @param draw gives the first values of an array
     * @return empty for a family without a pooler
     */
    static Optional<Pooler> of(LoadedModel parts, Function<Shape, NDArray> draw) {
        ModelConfig config = parts.config();
        Family family = Families.named(config.family());
        if (!family.has(Part.POOLER)) {
            return Optional.empty();
        }
        Transformer transformer = parts.transformer();
        NDManager host = transformer.projections().get(0).host();
        Projection dense = new Projection(
                family.path(Part.POOLER, 0),
                Weight.of(frozen(family.weight(config, Part.POOLER, 0), draw, transformer), host),
                Part.POOLER.isBiased(config) ? frozen(family.bias(config, Part.POOLER, 0), draw, transformer) : null,
                transformer.computeDtype(),
                host,
                List.of());
        return Optional.of(new Pooler(
                dense,
                config.encoder().orElseThrow().pooler(),
                family.has(Part.POOLER_NORM) ? norm(parts, family, host) : null,
                true));
    }

    private static Parameter frozen(TensorSpec tensor, Function<Shape, NDArray> draw, Transformer transformer) {
        Parameter parameter = Parameters.frozen(tensor.huggingFace(), draw.apply(tensor.shape()));
        Parameters.change(parameter, true, transformer.computeDtype());
        return parameter;
    }

    private static Norm norm(LoadedModel parts, Family family, NDManager host) {
        ModelConfig config = parts.config();
        TensorSpec weight = family.weight(config, Part.POOLER_NORM, 0);
        TensorSpec bias = family.bias(config, Part.POOLER_NORM, 0);
        return new Norm(
                config.norm(),
                Parameters.frozen(weight.huggingFace(), parts.manager().ones(weight.shape())),
                Part.POOLER_NORM.isBiased(config)
                        ? Parameters.frozen(bias.huggingFace(), parts.manager().zeros(bias.shape()))
                        : null,
                config.normEpsilon(),
                host);
    }
}
