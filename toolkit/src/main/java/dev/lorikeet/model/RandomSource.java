package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.InitialValues;
import java.util.SplittableRandom;

/**
 * Invented weights: normal with standard deviation 0.02 as GPT-2 was initialised, biases 0, normalisation scales 1. The
 * numbers depend on the seed and the name alone.
 */
record RandomSource(Config config, long seed) implements Source {

    private static final double DEVIATION = 0.02;

    @Override
    public boolean has(String name) {
        if (!name.endsWith(".bias")) {
            return true;
        }
        String path = name.substring(0, name.lastIndexOf('.'));
        return config.architecture() == Config.Architecture.GPT2
                ? !path.equals(CausalModel.HEAD)
                : config.biases().on(path);
    }

    @Override
    public NDArray take(String name, NDManager manager) {
        Shape shape = Shapes.of(config, name);
        if (shape.dimension() == 1) {
            return name.endsWith(".bias") ? manager.zeros(shape) : manager.ones(shape);
        }
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        return InitialValues.draw(manager, shape, () -> random.nextGaussian() * DEVIATION);
    }

    @Override
    public int size() {
        return config.layers() * (config.architecture() == Config.Architecture.GPT2 ? 12 : 9) + 4;
    }

    @Override
    public void close() {}
}
