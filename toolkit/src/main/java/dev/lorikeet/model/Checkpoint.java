package dev.lorikeet.model;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.text.Tokenizer;
import dev.lorikeet.text.Tokenizers;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of one model, opened: its shape, its weights, its tokenizer.
 *
 * @param tokenizer belongs to whoever takes it; the rest is closed with this
 */
record Checkpoint(Config config, Source source, Tokenizer tokenizer) implements AutoCloseable {

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
        Path weights = folder.resolve("model.safetensors");
        if (Files.exists(folder.resolve("model.safetensors.index.json"))) {
            throw new BadFileException(
                    folder, "holds weights in several files, which is not supported; save them as one");
        }
        for (Path needed : new Path[] {folder.resolve("config.json"), weights}) {
            if (!Files.exists(needed)) {
                throw new BadFileException(folder, "has no " + needed.getFileName());
            }
        }
        Config config = Configs.fromJson(folder.resolve("config.json"));
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
