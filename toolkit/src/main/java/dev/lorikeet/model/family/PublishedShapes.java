package dev.lorikeet.model.family;

import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.config.Activation;
import dev.lorikeet.model.config.ModelConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The settings of published models, by name. */
public final class PublishedShapes {

    private static final Map<String, ModelConfig> SHAPES = shapes();

    private PublishedShapes() {}

    /**
     * The settings of a published model.
     *
     * @param model such as "gpt2", "llama-2-7b" or "smollm2-135m"; see {@link #names}
     * @throws UnknownNameException if there is no such name; it lists those there are
     */
    public static ModelConfig named(String model) {
        ModelConfig shape = SHAPES.get(model);
        if (shape == null) {
            throw new UnknownNameException("model shape", model, SHAPES.keySet());
        }
        return shape;
    }

    /** The names that {@link #named} knows. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(SHAPES.keySet());
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

    private static Map<String, ModelConfig> shapes() {
        Map<String, ModelConfig> shapes = new LinkedHashMap<>();
        shapes.put("distilgpt2", gpt2(768, 6, 12));
        shapes.put("gpt2", gpt2(768, 12, 12));
        shapes.put("gpt2-medium", gpt2(1024, 24, 16));
        shapes.put("gpt2-large", gpt2(1280, 36, 20));
        shapes.put("gpt2-xl", gpt2(1600, 48, 25));
        shapes.put("smollm2-135m", tied(llama("llama", 49_152, 576, 30, 9, 3, 1536, 8192), 100_000, 1e-5));
        shapes.put("smollm2-360m", tied(llama("llama", 49_152, 960, 32, 15, 5, 2560, 8192), 100_000, 1e-5));
        shapes.put("smollm2-1.7b", tied(llama("llama", 49_152, 2048, 24, 32, 32, 8192, 8192), 130_000, 1e-5));
        shapes.put("tinyllama-1.1b", llama("llama", 32_000, 2048, 22, 32, 4, 5632, 2048));
        shapes.put("llama-2-7b", llama("llama", 32_000, 4096, 32, 32, 32, 11_008, 4096));
        shapes.put("llama-2-13b", llama("llama", 32_000, 5120, 40, 40, 40, 13_824, 4096));
        shapes.put("llama-2-70b", llama("llama", 32_000, 8192, 80, 64, 8, 28_672, 4096));
        shapes.put(
                "llama-3-8b",
                llama("llama", 128_256, 4096, 32, 32, 8, 14_336, 8192)
                        .change()
                        .rope(500_000)
                        .build());
        shapes.put("mistral-7b", llama("mistral", 32_000, 4096, 32, 32, 8, 14_336, 32_768));
        shapes.put("qwen2.5-0.5b", tied(llama("qwen2", 151_936, 896, 24, 14, 2, 4864, 32_768), 1_000_000, 1e-6));
        shapes.put(
                "qwen2.5-7b",
                llama("qwen2", 152_064, 3584, 28, 28, 4, 18_944, 32_768)
                        .change()
                        .normEpsilon(1e-6)
                        .rope(1_000_000)
                        .build());
        return shapes;
    }

    private static ModelConfig tied(ModelConfig config, double ropeBase, double normEpsilon) {
        return config.change()
                .rope(ropeBase)
                .normEpsilon(normEpsilon)
                .tiedEmbeddings(true)
                .build();
    }
}
