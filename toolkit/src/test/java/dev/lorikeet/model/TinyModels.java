package dev.lorikeet.model;

import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.PublishedShapes;
import dev.lorikeet.tensor.DType;
import dev.lorikeet.text.Tokenizers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Models that load in milliseconds: two checkpoints written by transformers, several that transformers configured, see
 * {@link FormulaWeights}, and one with random weights.
 */
public final class TinyModels {

    private TinyModels() {}

    /** Those that architectures.py has made. */
    private static final Map<String, Path> WRITTEN = new ConcurrentHashMap<>();

    /** A folder as the hub has them: such as {@code tiny-gpt2} or {@code mistral}. */
    public static Path folder(String name) {
        Path resources = resources(name);
        return Files.exists(resources.resolve("model.safetensors"))
                ? resources
                : WRITTEN.computeIfAbsent(name, absent -> FormulaWeights.checkpoint(resources));
    }

    /** What is recorded of a model: at least its configuration and {@code expected.json}. */
    public static Path resources(String name) {
        try {
            return Path.of(TinyModels.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static PretrainedModel load(String name) {
        return Models.load(folder(name).toString(), DType.FLOAT32);
    }

    /** Two layers of width 64, which 4-bit blocks fit into, over GPT-2's whole vocabulary. */
    public static PretrainedModel randomLlama(long seed) {
        ModelConfig config = llama(50_257, 64, 2, 4, 2, 128, 64);
        return Models.random("tiny", config, Tokenizers.gpt2(), seed);
    }

    /** A Llama with a tied head and rotary positions of base 10,000. */
    public static ModelConfig llama(
            int vocabSize,
            int hiddenSize,
            int layers,
            int heads,
            int keyValueHeads,
            int intermediateSize,
            int contextLength) {
        return ModelConfig.of("llama")
                .vocabSize(vocabSize)
                .hiddenSize(hiddenSize)
                .layers(layers)
                .heads(heads)
                .keyValueHeads(keyValueHeads)
                .intermediateSize(intermediateSize)
                .contextLength(contextLength)
                .normEpsilon(1e-5)
                .rope(10_000)
                .tiedEmbeddings(true)
                .build();
    }

    /** Two layers of width 16 over GPT-2's whole vocabulary. */
    public static PretrainedModel randomGpt2(long seed) {
        return Models.random("tiny", PublishedShapes.gpt2(16, 2, 2), Tokenizers.gpt2(), seed);
    }

    /** The model's weights in files of a limited size, as the hub has large ones. */
    static List<Path> shards(PretrainedModel model, Path folder, long limit) {
        model.save(folder, DType.FLOAT32, limit);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("model"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
