package dev.lorikeet.model.io;

import ai.djl.ndarray.NDManager;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.model.config.ModelConfig;
import dev.lorikeet.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
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

    /** What fills short rows of a batch; never looked at. A padding token without a row in the token table is replaced by id 0. */
    public int padId() {
        int pad = tokenizer.pad().orElse(0);
        return pad < config().vocabSize() ? pad : 0;
    }

    /** Fills a row of ids up to a length. */
    public int[] padded(int[] ids, int length) {
        int[] row = Arrays.copyOf(ids, length);
        Arrays.fill(row, ids.length, length, padId());
        return row;
    }
}
