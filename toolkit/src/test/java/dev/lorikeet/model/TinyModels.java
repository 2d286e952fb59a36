package dev.lorikeet.model;

import dev.lorikeet.tensor.Precision;
import dev.lorikeet.text.Tokenizers;
import java.net.URISyntaxException;
import java.nio.file.Path;

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

    /** Two layers of width 64, which 4-bit blocks fit into, over GPT-2's whole vocabulary. */
    public static CausalModel randomLlama(long seed) {
        Config config = new Config(Config.Architecture.LLAMA, 50_257, 64, 2, 4, 2, 16, 128, 64, 1e-5, 10_000, true);
        return Models.random("tiny", config, Tokenizers.gpt2(), seed);
    }

    /** Two layers of width 16 over GPT-2's whole vocabulary. */
    public static CausalModel randomGpt2(long seed) {
        return Models.random("tiny", Config.gpt2(16, 2, 2), Tokenizers.gpt2(), seed);
    }
}
