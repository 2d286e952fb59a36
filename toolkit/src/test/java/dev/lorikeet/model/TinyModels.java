package dev.lorikeet.model;

import dev.lorikeet.tensor.Precision;
import dev.lorikeet.text.Tokenizers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Models that load in milliseconds: two checkpoints written by transformers, and one of any shape with random weights. */
public final class TinyModels {

    private TinyModels() {}

    /** A folder as the hub has them: {@code tiny-gpt2} or {@code tiny-llama}; see make_model_fixtures.py. */
    public static Path folder(String name) {
        try {
            return Path.of(TinyModels.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static CausalModel load(String name) {
        return Models.load(folder(name).toString(), Precision.FLOAT32);
    }

    /** Two layers of width 16 over GPT-2's whole vocabulary. */
    public static CausalModel randomGpt2(long seed) {
        return Models.random("tiny", Config.gpt2(16, 2, 2), Tokenizers.gpt2(), seed);
    }

    /** The model's weights in files of a limited size, as the hub has large ones. */
    static List<Path> shards(CausalModel model, Path folder, long limit) {
        model.save(folder, Precision.FLOAT32, limit);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("model"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
