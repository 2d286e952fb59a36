package dev.lorikeet.hub;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Downloads from the Hugging Face hub into the cache that Python's tools use too, so that what either has downloaded is
 * found by the other. Where the hub cannot be reached, what is in the cache is used, and that is said.
 */
public final class Hub {

    private final HubCache cache;
    private final boolean links;
    private final boolean offline;
    private final URI endpoint;
    private final HubApi remote;
    private final HubErrors refusals;
    private final Consumer<String> say;

    /** @param say is told, in a line, what a reader of the output should know */
    Hub(Environment environment, RetryPolicy patience, Consumer<String> say) {
        Optional<String> token = environment.token();
        this.cache = new HubCache(environment.cache());
        this.links = environment.links();
        this.offline = environment.offline();
        this.endpoint = environment.endpoint();
        Http http = new Http(patience, endpoint, token);
        this.remote = new HubApi(http, patience, endpoint);
        this.refusals = new HubErrors(http, endpoint, token.isPresent());
        this.say = say;
    }

    /**
     * The hub and the cache that the environment's variables name, as they do for Python: {@code HF_ENDPOINT},
     * {@code HF_TOKEN} (else the file {@code HF_TOKEN_PATH}, else {@code HF_HOME/token}), {@code HF_HUB_CACHE} (else
     * {@code HF_HOME/hub}) and {@code HF_HUB_OFFLINE}.
     */
    public static Hub ofEnvironment() {
        return new Hub(Environment.ofProcess(), RetryPolicy.STANDARD, line -> System.out.println(line));
    }

    /** Where the downloads lie. */
    public HubCache cache() {
        return cache;
    }

    /**
     * The files of a repository; if the hub cannot be reached, those in the cache.
     *
     * @throws DownloadException if the hub refuses, or cannot be reached and the cache has none of them
     * @throws StoppedException if the thread is interrupted
     */
    public Listing list(Repository repository) {
        RepositoryFolder folder = folder(repository);
        if (offline) {
            return cached(folder, notAsked());
        }
        try {
            return courier(folder).list();
        } catch (NetworkException e) {
            return cached(folder, unreachable(e));
        }
    }

    /**
     * The folder that holds these files of a repository, all of one commit. Those that are not in the cache are downloaded
     * and verified. If the hub cannot be reached, the files of the commit that it named last are taken from the cache, and
     * a line says so.
     *
     * @param files names as {@link #list} gives them, such as "config.json"; at least one
     * @throws UnknownNameException if the repository has no such file; it lists those there are
     * @throws DownloadException if a file can neither be downloaded nor found in the cache
     * @throws BadFileException if the cache cannot be written
     * @throws StoppedException if the thread is interrupted; what has arrived is kept, and the next call goes on from there
     */
    public Path fetch(Repository repository, List<String> files) {
        check(files);
        RepositoryFolder folder = folder(repository);
        if (repository.isCommit()
                && folder.missing(repository.revision(), files).isEmpty()) {
            return folder.snapshot(repository.revision());
        }
        if (offline) {
            return cached(folder, files, notAsked());
        }
        Downloader courier = courier(folder);
        RemoteFile first;
        try {
            first = courier.describe(files.get(0));
        } catch (NetworkException e) {
            return cached(folder, files, unreachable(e));
        }
        courier.download(files, first);
        remember(folder, first.commit());
        return folder.snapshot(first.commit());
    }

    private static void check(List<String> files) {
        BadArgumentException.unless(!files.isEmpty(), "files", files, "the name of one file or more");
        for (String file : files) {
            boolean plain = Repository.isRelative(file) && !file.contains("\\") && !file.contains(":");
            BadArgumentException.unless(plain, "file", file, "a name within the repository, such as \"config.json\"");
        }
    }

    /** Only now that its files are there, so that without a network the last whole commit is found. */
    private static void remember(RepositoryFolder folder, String commit) {
        try {
            folder.remember(commit);
        } catch (IOException e) {
            // A cache that may only be read serves as well, as long as the hub can be asked.
        }
    }

    private Listing cached(RepositoryFolder folder, String why) {
        String commit = folder.commit();
        if (!Files.isDirectory(folder.snapshot(commit))) {
            throw notCached(folder, "the list of its files", why);
        }
        return new Listing(commit, folder.files(commit), true);
    }

    private Path cached(RepositoryFolder folder, List<String> files, String why) {
        String commit = folder.commit();
        List<String> missing = folder.missing(commit, files);
        if (!missing.isEmpty()) {
            throw notCached(folder, String.join(", ", missing), why);
        }
        say.accept("%s: %s; commit %.8s from the cache is used.".formatted(folder.repository(), why, commit));
        return folder.snapshot(commit);
    }

    private DownloadException notCached(RepositoryFolder folder, String what, String why) {
        Path snapshot = folder.snapshot(folder.commit());
        Path looked = Files.isDirectory(snapshot) ? snapshot : folder.folder();
        String advice =
                offline ? "Unset HF_HUB_OFFLINE to download it." : "Try again when it can be, or see HF_ENDPOINT.";
        return new DownloadException("%s: %s, and the Hugging Face cache (%s) does not hold %s. %s"
                .formatted(folder.repository(), why, looked, what, advice));
    }

    private String unreachable(NetworkException failure) {
        return "%s could not be reached (%s)".formatted(endpoint.getHost(), failure.getMessage());
    }

    private String notAsked() {
        return "HF_HUB_OFFLINE is set, so that %s is not asked".formatted(endpoint.getHost());
    }

    private RepositoryFolder folder(Repository repository) {
        return new RepositoryFolder(cache.folder(), repository, links);
    }

    private Downloader courier(RepositoryFolder folder) {
        return new Downloader(remote, refusals, folder, say);
    }
}
