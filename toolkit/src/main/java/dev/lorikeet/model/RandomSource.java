package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.tensor.TensorMemory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Invented weights: normal with standard deviation 0.02 as GPT-2 was initialised, biases 0, normalisation scales 1. The
 * numbers depend on the seed and the name alone.
 */
record RandomSource(Config config, long seed) implements Source {

    private static final double DEVIATION = 0.02;

    @Override
    public boolean has(String name) {
        boolean bias = name.endsWith(".bias");
        return config.architecture() == Config.Architecture.GPT2 ? !name.startsWith("lm_head") || !bias : !bias;
    }

    @Override
    public NDArray take(String name, NDManager manager) {
        Shape shape = Shapes.of(config, name);
        if (shape.dimension() == 1) {
            return name.endsWith(".bias") ? manager.zeros(shape) : manager.ones(shape);
        }
        try (NDManager host = manager.newSubManager(ai.djl.Device.cpu())) {
            NDArray array = host.create(shape, DataType.FLOAT32);
            fill(array, new SplittableRandom(seed * 31 + name.hashCode()));
            NDArray placed = array.toDevice(manager.getDevice(), false);
            placed.attach(manager);
            return placed;
        }
    }

    @Override
    public int size() {
        return config.layers() * (config.architecture() == Config.Architecture.GPT2 ? 12 : 9) + 4;
    }

    @Override
    public void close() {}

    private static void fill(NDArray array, SplittableRandom random) {
        for (ByteBuffer bytes : TensorMemory.bytes(array)) {
            var floats = bytes.asFloatBuffer();
            while (floats.hasRemaining()) {
                floats.put((float) (random.nextGaussian() * DEVIATION));
            }
        }
    }
}
