package dev.lorikeet.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.weights.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Weights from a hash of their name and place, as architectures.py makes them for transformers. */
public final class FormulaWeights {

    private FormulaWeights() {}

    /** A checkpoint of the configuration in a folder of resources, in a folder of its own until the process ends. */
    static Path checkpoint(Path resources) {
        try {
            Path folder = Files.createTempDirectory("lorikeet-formula");
            folder.toFile().deleteOnExit();
            Files.copy(resources.resolve("config.json"), folder.resolve("config.json"));
            String tokenizer = Files.readString(TinyModels.folder("tiny-llama").resolve("tokenizer.json"));
            // Without a token that ends a text generation goes on to the wanted length.
            Files.writeString(folder.resolve("tokenizer.json"), tokenizer.replace("<|endoftext|>", "<pad>"));
            write(ConfigFiles.read(folder.resolve("config.json")), folder.resolve("model.safetensors"));
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(ModelConfig config, Path file) {
        try (NDManager manager = Torch.manager()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            Families.named(config.family()).tensors(config).forEach((name, tensor) -> {
                Shape shape = tensor.shape();
                tensors.put(name, manager.create(numbers(name, (int) shape.size()), shape));
            });
            Safetensors.write(file, tensors, Map.of());
        }
    }

    /** Eight bits each: ±1/2, and for normalisations 1 ± 1/4. */
    public static float[] numbers(String name, int count) {
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            int x = i * 0x9E3779B9 + (int) hash.getValue();
            x = (x ^ x >>> 16) * 0x85EBCA6B;
            x = (x ^ x >>> 13) * 0xC2B2AE35;
            x ^= x >>> 16;
            float signed = ((x >>> 24) - 128) / 128f;
            numbers[i] = name.contains("norm") ? 1 + signed / 4 : signed / 2;
        }
        return numbers;
    }
}
