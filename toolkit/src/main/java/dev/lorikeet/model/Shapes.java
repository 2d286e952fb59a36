package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.base.BadFileException;
import java.nio.file.Path;

/** The shapes that a model's arrays have by its {@link Config}; names are Hugging Face's, projections (out, in). */
final class Shapes {

    private static final String BIAS = ".bias";

    private Shapes() {}

    /**
     * The array, if the model has one of this name and shape.
     *
     * @throws BadFileException if not; the array is closed then
     */
    static NDArray checked(NDArray array, Config config, String name, Path file) {
        if (!mayBe(config, name)) {
            array.close();
            throw new BadFileException(file, "has \"%s\"; by the model's configuration there is none".formatted(name));
        }
        Shape found = array.getShape();
        Shape expected = of(config, name);
        if (!found.equals(expected)) {
            array.close();
            throw new BadFileException(
                    file,
                    "\"%s\" is %s; by the model's configuration it should be %s".formatted(name, found, expected));
        }
        return array;
    }

    private static boolean mayBe(Config config, String name) {
        return config.architecture() == Config.Architecture.GPT2
                || !name.endsWith(BIAS)
                || config.biases().on(name.substring(0, name.length() - BIAS.length()));
    }

    static Shape of(Config config, String name) {
        String parameter = name.substring(name.lastIndexOf('.') + 1);
        String path = name.substring(0, name.length() - parameter.length() - 1);
        String module = path.substring(path.lastIndexOf('.') + 1);
        long width = config.width();
        long keys = (long) config.keyValueHeads() * config.headWidth();
        long queries = (long) config.heads() * config.headWidth();
        Shape weight =
                switch (module) {
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
