package dev.lorikeet.model;

import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Config.Architecture;
import java.util.Map;

/** The shapes of published models, by name. */
final class PublishedShapes {

    private static final Map<String, Config> SHAPES = Map.of(
            "gpt2", Config.gpt2(768, 12, 12),
            "gpt2-medium", Config.gpt2(1024, 24, 16),
            "gpt2-large", Config.gpt2(1280, 36, 20),
            "gpt2-xl", Config.gpt2(1600, 48, 25),
            "llama-2-7b", llama(32_000, 4096, 32, 32, 32, 11_008, 4096, 10_000, false),
            "tinyllama-1.1b", llama(32_000, 2048, 22, 32, 4, 5632, 2048, 10_000, false),
            "smollm2-135m", llama(49_152, 576, 30, 9, 3, 1536, 8192, 100_000, true),
            "qwen2.5-0.5b", qwen2(151_936, 896, 24, 14, 2, 4864));

    private PublishedShapes() {}

    static Config of(String model) {
        Config shape = SHAPES.get(model);
        if (shape == null) {
            throw new UnknownNameException("model shape", model, SHAPES.keySet());
        }
        return shape;
    }

    private static Config llama(
            int vocabulary,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int mlpWidth,
            int context,
            double theta,
            boolean tied) {
        return new Config(
                Architecture.LLAMA,
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                width / heads,
                mlpWidth,
                context,
                1e-5,
                theta,
                tied);
    }

    private static Config qwen2(int vocabulary, int width, int layers, int heads, int keyValueHeads, int mlpWidth) {
        int context = 32_768;
        return new Config(
                Architecture.LLAMA,
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                width / heads,
                mlpWidth,
                context,
                context,
                1e-6,
                Rope.of(1_000_000),
                new Biases(true, false, false),
                true);
    }
}
