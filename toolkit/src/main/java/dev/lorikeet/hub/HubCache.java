package dev.lorikeet.hub;

import dev.lorikeet.base.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The Hugging Face cache in its usual layout, found by the variables that Python's tools honour. */
public record HubCache(Path folder) {

    /** {@code HF_HUB_CACHE}, else {@code HF_HOME/hub}, else {@code ~/.cache/huggingface/hub}. */
    public static HubCache ofEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static HubCache of(Map<String, String> environment, Path home) {
        if (environment.containsKey("HF_HUB_CACHE")) {
            return new HubCache(Path.of(environment.get("HF_HUB_CACHE")));
        }
        Path root = environment.containsKey("HF_HOME")
                ? Path.of(environment.get("HF_HOME"))
                : home.resolve(".cache").resolve("huggingface");
        return new HubCache(root.resolve("hub"));
    }

    /**
     * The folder of a model that was downloaded before.
     *
     * @param repository such as "openai-community/gpt2"
     * @param revision a branch, tag or commit, such as "main"
     */
    public Optional<Path> find(String repository, String revision) {
        Path model = folder.resolve("models--" + repository.replace("/", "--"));
        Path ref = model.resolve("refs").resolve(revision);
        try {
            String commit = Files.isRegularFile(ref) ? Files.readString(ref).strip() : revision;
            return Optional.of(model.resolve("snapshots").resolve(commit)).filter(Files::isDirectory);
        } catch (IOException e) {
            throw new BadFileException(ref, "could not be read: " + e.getMessage(), e);
        }
    }
}
