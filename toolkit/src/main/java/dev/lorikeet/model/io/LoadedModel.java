package dev.lorikeet.model.io;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.text.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A transformer with its tokenizer, as it came from files or was invented.
 *
 * @param name the name or path by which it was loaded
 * @param origin the folder or file that it was loaded from; empty for one with invented weights
 * @param manager owns the parameters
 * @param lifetime of its native memory
 */
public record LoadedModel(
        String name,
        Optional<Path> origin,
        Transformer transformer,
        Tokenizer tokenizer,
        NDManager manager,
        Lifetime lifetime) {

    public ModelConfig config() {
        return transformer.config();
    }
}
