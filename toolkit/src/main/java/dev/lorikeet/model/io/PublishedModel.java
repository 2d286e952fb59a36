package dev.lorikeet.model.io;

import static dev.lorikeet.model.io.ModelFiles.CONFIG;
import static dev.lorikeet.model.io.ModelFiles.INDEX;
import static dev.lorikeet.model.io.ModelFiles.WEIGHTS;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.hub.Hub;
import dev.lorikeet.hub.Listing;
import dev.lorikeet.hub.Repository;
import dev.lorikeet.weights.Gguf;
import dev.lorikeet.weights.ShardIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model on the Hugging Face hub.
 *
 * @param repository where it is
 * @param file the .gguf file to take, or any part of a split one; empty for the repository's own model
 */
public record PublishedModel(Repository repository, String file) {

    /** What is taken along where it is there, besides the tokenizer's vocabulary. */
    private static final List<String> BESIDE = List.of(
            "generation_config.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            // How a model of sentence-transformers pools, and how long a text may be.
            "1_Pooling/config.json",
            "sentence_bert_config.json");

    private static final List<List<String>> TOKENIZERS =
            List.of(List.of("tokenizer.json"), List.of("vocab.json", "merges.txt"), List.of("tokenizer.model"));

    /** Whether a text has the form of a reference: an owner and a name, neither a path of this machine. */
    public static boolean isReference(String text) {
        return text.matches("[\\w-][\\w.-]*/[\\w-][\\w.-]*(@[^:]+)?(:.+)?");
    }

    /** {@code owner/name[@revision][:file.gguf]}. */
    public static PublishedModel of(String reference) {
        int colon = reference.indexOf(':');
        String file = colon < 0 ? "" : reference.substring(colon + 1);
        BadArgumentException.unless(
                colon < 0 || file.endsWith(".gguf"), "file after the colon in " + reference, file, "a .gguf file");
        return new PublishedModel(Repository.model(colon < 0 ? reference : reference.substring(0, colon)), file);
    }

    /** Brings the files here that are not here yet; gives the folder or the file to load. */
    public Path fetch(Hub hub) {
        if (!file.isEmpty()) {
            return fetchGguf(hub, file);
        }
        Listing listing = hub.list(repository);
        List<String> files = listing.files();
        if (files.contains(CONFIG) && files.contains(WEIGHTS)) {
            return hub.fetch(repository, wanted(files, List.of(WEIGHTS)));
        }
        if (files.contains(CONFIG) && files.contains(INDEX)) {
            Path index = hub.fetch(repository, List.of(INDEX)).resolve(INDEX);
            List<String> weights = new ArrayList<>(ShardIndex.read(index).files());
            weights.add(0, INDEX);
            return hub.fetch(repository, wanted(files, weights));
        }
        // Of a model in several parts the first stands for all.
        List<String> ggufs = files.stream()
                .filter(name -> name.endsWith(".gguf"))
                .map(name -> Gguf.partNames(name).get(0))
                .distinct()
                .toList();
        if (ggufs.size() == 1) {
            return fetchGguf(hub, ggufs.get(0));
        }
        if (ggufs.size() > 1) {
            throw new UnknownNameException(
                    "choice among the files of " + repository + "; say which, as in " + repository.id() + ":"
                            + ggufs.get(0),
                    "",
                    ggufs);
        }
        throw new LorikeetException(
                "%s%s holds no model that can be read: expected %s and %s, or a .gguf file; there are %s"
                        .formatted(
                                repository,
                                listing.cached() ? ", as far as it is in the cache," : "",
                                CONFIG,
                                WEIGHTS,
                                files.isEmpty() ? "no files" : String.join(", ", files)));
    }

    /** Brings the settings alone here, or the .gguf file that holds them; gives what {@link ModelFiles#config} reads. */
    public Path fetchConfig(Hub hub) {
        return file.isEmpty() ? hub.fetch(repository, List.of(CONFIG)) : fetchGguf(hub, file);
    }

    private Path fetchGguf(Hub hub, String name) {
        return hub.fetch(repository, Gguf.partNames(name)).resolve(name);
    }

    private static List<String> wanted(List<String> files, List<String> weights) {
        Stream<String> tokenizer =
                TOKENIZERS.stream().filter(files::containsAll).findFirst().orElse(List.of()).stream();
        return Stream.of(Stream.of(CONFIG), weights.stream(), BESIDE.stream().filter(files::contains), tokenizer)
                .flatMap(names -> names)
                .toList();
    }
}
