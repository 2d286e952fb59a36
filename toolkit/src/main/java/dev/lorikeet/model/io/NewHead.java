package dev.lorikeet.model.io;

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
import dev.lorikeet.model.spec.Family;
import dev.lorikeet.model.spec.HeadTask;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.InitialValues;
import java.util.List;
import java.util.SplittableRandom;

/** Puts a head for a task on a model, in place of the one that it has. */
public final class NewHead {

    private final LoadedModel parts;
    private final ModelConfig config;
    private final Family family;
    private final Transformer transformer;
    private final NDManager host;
    private final SplittableRandom random;

    private NewHead(LoadedModel parts, long seed) {
        this.parts = parts;
        this.config = parts.config();
        this.family = Families.named(config.family());
        this.transformer = parts.transformer();
        this.host = transformer.projections().get(0).host();
        this.random = new SplittableRandom(seed);
    }

    /**
     * Puts a head on it whose weights are uniform in ±1/√width, as PyTorch initialises a linear layer, and where the task needs one
     * such a pooler.
     */
    public static void drawn(LoadedModel parts, HeadTask task, int labels, long seed) {
        NewHead made = new NewHead(parts, seed);
        if (made.family.pools(task) && made.transformer.pooler() == null) {
            made.transformer.addPooler(made.pooler());
        }
        made.dropPooler(task);
        Shape bias = new Shape(labels);
        NDArray weight = made.uniform(new Shape(labels, made.config.hiddenSize()));
        made.put(task, weight, made.uniform(bias));
    }

    /** Puts the head on it that its files have. */
    public static void read(LoadedModel parts, WeightSource source, TaskHead head) {
        long labels = head.labels().size();
        TensorSpec bias = TaskHead.bias(parts.config(), head.task(), labels);
        NDManager manager = parts.manager();
        NewHead made = new NewHead(parts, 0);
        made.dropPooler(head.task());
        made.put(
                head.task(),
                source.take(TaskHead.weight(parts.config(), head.task(), labels), manager),
                source.has(bias) ? source.take(bias, manager) : manager.zeros(new Shape(labels)));
    }

    /** What transformers calls token classification has no pooler, unless each token passes it. */
    private void dropPooler(HeadTask task) {
        if (!family.pools(task)) {
            transformer.removePooler();
        }
    }

    private void put(HeadTask task, NDArray headWeight, NDArray headBias) {
        String path = family.headPath(task);
        Parameter weight = Parameters.frozen(path + ".weight", headWeight);
        Parameter bias = Parameters.frozen(path + ".bias", headBias);
        for (Parameter parameter : List.of(weight, bias)) {
            Parameters.change(parameter, true, transformer.computeDtype());
        }
        transformer.replaceHead(
                new Projection(path, Weight.of(weight, host), bias, transformer.computeDtype(), host, List.of()));
    }

    private NDArray uniform(Shape shape) {
        double bound = 1 / Math.sqrt(config.hiddenSize());
        return InitialValues.draw(parts.manager(), shape, () -> random.nextDouble() * 2 * bound - bound);
    }

    private Pooler pooler() {
        Projection dense = new Projection(
                family.path(Part.POOLER, 0),
                Weight.of(frozen(family.weight(config, Part.POOLER, 0)), host),
                Part.POOLER.isBiased(config) ? frozen(family.bias(config, Part.POOLER, 0)) : null,
                transformer.computeDtype(),
                host,
                List.of());
        return new Pooler(
                dense, config.encoder().orElseThrow().pooler(), family.has(Part.POOLER_NORM) ? norm() : null, true);
    }

    private Parameter frozen(TensorSpec tensor) {
        Parameter parameter = Parameters.frozen(tensor.huggingFace(), uniform(tensor.shape()));
        Parameters.change(parameter, true, transformer.computeDtype());
        return parameter;
    }

    private Norm norm() {
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
