package dev.lorikeet.model;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The files of one model, opened: its shape, its weights, its tokenizer.
 *
 * @param tokenizer belongs to whoever takes it; the rest is closed with this
 */
record Checkpoint(Config config, Source source, Tokenizer tokenizer) implements AutoCloseable {

    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";

    /** Of weights in several files. */
    static final String INDEX = "model.safetensors.index.json";

    /** A folder in Hugging Face's layout, or a GGUF file. */
    static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            return folder(path);
        }
        if (path.toString().endsWith(".gguf")) {
            return gguf(path);
        }
        throw new BadFileException(path, "is neither a folder with a config.json nor a .gguf file");
    }

    private static Checkpoint folder(Path folder) {
        if (!Files.exists(folder.resolve(CONFIG))) {
            throw new BadFileException(folder, "has no " + CONFIG);
        }
        Path weights = Stream.of(WEIGHTS, INDEX)
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(
                        () -> new BadFileException(folder, "has no " + WEIGHTS + ", nor an index of several such"));
        Config config = Configs.fromJson(folder.resolve(CONFIG));
        TensorFile file = TensorFile.open(weights);
        boolean complete = false;
        try {
            Tokenizer tokenizer = Tokenizers.fromFolder(folder);
            complete = true;
            return new Checkpoint(config, new CheckpointSource(file, config), tokenizer);
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    private static Checkpoint gguf(Path path) {
        Gguf file = Gguf.open(path);
        boolean complete = false;
        try {
            Config config = GgufConfigs.read(file);
            Tokenizer tokenizer = Tokenizers.fromGguf(file.metadata(), path);
            complete = true;
            return new Checkpoint(config, new GgufSource(file, config), tokenizer);
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
