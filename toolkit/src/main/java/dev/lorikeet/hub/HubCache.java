package dev.lorikeet.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The Hugging Face cache in its usual layout, where the variables of Python's tools put it. */
public record HubCache(Path folder) {

    /** {@code HF_HUB_CACHE}, else {@code HF_HOME/hub}, else {@code ~/.cache/huggingface/hub}. */
    public static HubCache ofEnvironment() {
        return new HubCache(Environment.ofProcess().cache());
    }

    /**
     * Finds the folder of a model that was downloaded before.
     *
     * @param repository such as "openai-community/gpt2"
     * @param revision a branch, tag or commit, such as "main"
     */
    public Optional<Path> find(String repository, String revision) {
        return find(new Repository(Repository.RepoType.MODEL, repository, revision));
    }

    /** Finds the folder of a model or data set that was downloaded before; some of its files may be missing. */
    public Optional<Path> find(Repository repository) {
        RepositoryFolder folder = new RepositoryFolder(this.folder, repository, true);
        return Optional.of(folder.snapshot(folder.commit())).filter(Files::isDirectory);
    }
}
