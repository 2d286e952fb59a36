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
        Shape shape = shape(name);
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

    private Shape shape(String name) {
        String parameter = name.substring(name.lastIndexOf('.') + 1);
        String path = name.substring(0, name.length() - parameter.length() - 1);
        String module = path.substring(path.lastIndexOf('.') + 1);
        long width = config.width();
        long keys = (long) config.keyValueHeads() * config.headWidth();
        long queries = (long) config.heads() * config.headWidth();
        Shape weight = switch (module) {
            case "wte", "embed_tokens", "lm_head" -> new Shape(config.vocabulary(), width);
            case "wpe" -> new Shape(config.context(), width);
            case "c_attn" -> new Shape(3 * width, width);
            case "c_fc", "gate_proj", "up_proj" -> new Shape(config.mlpWidth(), width);
            case "down_proj" -> new Shape(width, config.mlpWidth());
            case "c_proj" -> new Shape(width, path.endsWith("mlp.c_proj") ? config.mlpWidth() : width);
            case "q_proj" -> new Shape(queries, width);
            case "k_proj", "v_proj" -> new Shape(keys, width);
            case "o_proj" -> new Shape(width, queries);
            default -> new Shape(width);
        };
        return parameter.equals("bias") ? new Shape(weight.get(0)) : weight;
    }
}
