package dev.lorikeet.spark;

import dev.lorikeet.base.file.AtomicFolders;
import dev.lorikeet.model.LanguageModel;
import dev.lorikeet.model.io.ModelSnapshot;
import dev.lorikeet.spark.SentFiles.SentFile;
import dev.lorikeet.text.Tokenizer;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How an executor finds a tokenizer, which travels without its model. A process loads it once and keeps it.
 *
 * @param key a hash of its files
 */
record TokenizerHandle(String key, List<SentFile> files) implements Serializable {

    private static final String NAME = "tokenizer";

    private static final Map<String, Tokenizer> LOADED = new ConcurrentHashMap<>();

    TokenizerHandle {
        files = List.copyOf(files);
    }

    /**
     * Sends a model's tokenizer, unless one with the same files was sent.
     *
     * @throws dev.lorikeet.base.LorikeetException if it came from no file
     */
    static TokenizerHandle of(JavaSparkContext context, LanguageModel model) {
        Consumer<Path> writer = model::snapshotTokenizer;
        String key = SentFiles.hash(NAME, writer);
        return new TokenizerHandle(key, SentFiles.once(context, key, NAME, writer));
    }

    /** The tokenizer in this process. */
    Tokenizer tokenizer() {
        return LOADED.computeIfAbsent(key, absent -> load());
    }

    private Tokenizer load() {
        Path folder = SentFiles.written(files);
        try {
            return ModelSnapshot.tokenizer(folder.resolve(NAME));
        } finally {
            AtomicFolders.delete(folder);
        }
    }
}
