package dev.lorikeet.model.family;

import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.ModelConfig;
import java.util.Map;

/** The settings of published models, by name. */
public final class PublishedShapes {

    private static final Map<String, ModelConfig> SHAPES = Map.of(
            "gpt2", gpt2(768, 12, 12),
            "gpt2-medium", gpt2(1024, 24, 16),
            "gpt2-large", gpt2(1280, 36, 20),
            "gpt2-xl", gpt2(1600, 48, 25),
            "llama-2-7b", llama("llama", 32_000, 4096, 32, 32, 32, 11_008, 4096),
            "tinyllama-1.1b", llama("llama", 32_000, 2048, 22, 32, 4, 5632, 2048),
            "smollm2-135m",
                    llama("llama", 49_152, 576, 30, 9, 3, 1536, 8192)
                            .change()
                            .rope(100_000)
                            .tiedEmbeddings(true)
                            .build(),
            "qwen2.5-0.5b",
                    llama("qwen2", 151_936, 896, 24, 14, 2, 4864, 32_768)
                            .change()
                            .normEpsilon(1e-6)
                            .rope(1_000_000)
                            .tiedEmbeddings(true)
                            .build());

    private PublishedShapes() {}

    /**
     * The settings of {@code gpt2}, {@code gpt2-medium}, {@code gpt2-large}, {@code gpt2-xl}, {@code llama-2-7b}, {@code
     * tinyllama-1.1b}, {@code smollm2-135m} or {@code qwen2.5-0.5b}.
     */
    public static ModelConfig named(String model) {
        ModelConfig shape = SHAPES.get(model);
        if (shape == null) {
            throw new UnknownNameException("model shape", model, SHAPES.keySet());
        }
        return shape;
    }

    /** GPT-2 as published by Radford et al. 2019: a vocabulary of 50,257, a context of 1,024, heads of 64. */
    public static ModelConfig gpt2(int hiddenSize, int layers, int heads) {
        return Families.named("gpt2")
                .config()
                .vocabSize(50_257)
                .hiddenSize(hiddenSize)
                .layers(layers)
                .heads(heads)
                .intermediateSize(4 * hiddenSize)
                .contextLength(1024)
                .normEpsilon(1e-5)
                .activation(Activation.GELU_TANH)
                .tiedEmbeddings(true)
                .build();
    }

    private static ModelConfig llama(
            String family,
            int vocabSize,
            int hiddenSize,
            int layers,
            int heads,
            int keyValueHeads,
            int intermediateSize,
            int contextLength) {
        return Families.named(family)
                .config()
                .vocabSize(vocabSize)
                .hiddenSize(hiddenSize)
                .layers(layers)
                .heads(heads)
                .keyValueHeads(keyValueHeads)
                .intermediateSize(intermediateSize)
                .contextLength(contextLength)
                .normEpsilon(1e-5)
                .rope(10_000)
                .build();
    }
}
