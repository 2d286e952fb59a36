package dev.lorikeet.model.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.config.NormKind;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.model.spec.TensorSpec;
import dev.lorikeet.tensor.InitialValues;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Invented weights: normal with standard deviation 0.02 as GPT-2 was initialised, biases 0, norms that scale by 1. The
 * elements depend on the seed and the name alone.
 */
public record RandomSource(ModelConfig config, long seed) implements WeightSource {

    private static final double DEVIATION = 0.02;

    @Override
    public boolean has(TensorSpec tensor) {
        return !tensor.huggingFace().endsWith(".bias") || tensor.part().isBiased(config);
    }

    @Override
    public NDArray take(TensorSpec tensor, NDManager manager) {
        Shape shape = tensor.shape();
        if (shape.dimension() == 1) {
            boolean zero = tensor.huggingFace().endsWith(".bias") || config.norm() == NormKind.RMS_PLUS_ONE;
            return zero ? manager.zeros(shape) : manager.ones(shape);
        }
        SplittableRandom random =
                new SplittableRandom(seed * 31 + tensor.huggingFace().hashCode());
        return InitialValues.draw(manager, shape, () -> random.nextGaussian() * DEVIATION);
    }

    @Override
    public Path path() {
        return Path.of("random weights");
    }

    @Override
    public int size() {
        return Families.named(config.family()).tensors(config).size();
    }

    @Override
    public void close() {}
}
