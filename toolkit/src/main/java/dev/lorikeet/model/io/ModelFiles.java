package dev.lorikeet.model.io;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.model.family.ConfigFiles;
import dev.lorikeet.model.family.Families;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.QuantizedFile;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The files of one model, opened: its settings, its weights, its tokenizer.
 *
 * @param tokenizer belongs to whoever takes it; the rest is closed with this
 */
public record ModelFiles(ModelConfig config, WeightSource source, Tokenizer tokenizer) implements AutoCloseable {

    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";

    /** The index of weights in several files. */
    static final String INDEX = "model.safetensors.index.json";

    /** Reads the settings alone, of a folder with a config.json or of a GGUF file. */
    public static ModelConfig config(Path path) {
        if (path.toString().endsWith(".gguf")) {
            try (Gguf file = Gguf.open(path)) {
                return ConfigFiles.read(file);
            }
        }
        if (!Files.exists(path.resolve(CONFIG))) {
            throw new BadFileException(path, "has no " + CONFIG);
        }
        return ConfigFiles.read(path.resolve(CONFIG));
    }

    /** Opens a folder in Hugging Face's layout, or a GGUF file. */
    public static ModelFiles open(Path path) {
        if (Files.isDirectory(path)) {
            return folder(path);
        }
        if (path.toString().endsWith(".gguf")) {
            return gguf(path);
        }
        throw new BadFileException(path, "is neither a folder with a config.json nor a .gguf file");
    }

    private static ModelFiles folder(Path folder) {
        if (!Files.exists(folder.resolve(CONFIG))) {
            throw new BadFileException(folder, "has no " + CONFIG);
        }
        Path weights = Stream.of(WEIGHTS, INDEX)
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(
                        () -> new BadFileException(folder, "has no " + WEIGHTS + ", nor an index of several such"));
        ModelConfig config = ConfigFiles.read(folder.resolve(CONFIG));
        TensorFile file = TensorFile.open(weights);
        boolean complete = false;
        try {
            SafetensorsSource source = new SafetensorsSource(file, Families.named(config.family()));
            Path quantized = folder.resolve(QuantizedFile.NAME);
            if (Files.exists(quantized)) {
                Tokenizer tokenizer = ModelSnapshot.tokenizer(folder);
                WeightSource snapshot = new SnapshotSource(source, QuantizedFile.open(quantized));
                complete = true;
                return new ModelFiles(config, snapshot, tokenizer);
            }
            ModelConfig settled = source.settled(config);
            Tokenizer tokenizer = Tokenizers.fromFolder(folder);
            complete = true;
            return new ModelFiles(settled, source, tokenizer);
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    private static ModelFiles gguf(Path path) {
        Gguf file = Gguf.open(path);
        boolean complete = false;
        try {
            ModelConfig config = ConfigFiles.read(file);
            Tokenizer tokenizer = Tokenizers.fromGguf(file.metadata(), path);
            complete = true;
            return new ModelFiles(config, new GgufSource(file, Families.named(config.family())), tokenizer);
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
