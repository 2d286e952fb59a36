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
 * Downloads from the Hugging Face hub into the cache that Python's tools use too, so that either finds what the other has
 * downloaded. If the hub cannot be reached, files from the cache are used, and a line says so.
 */
public final class Hub {

    private final HubCache cache;
    private final boolean links;
    private final boolean offline;
    private final URI endpoint;
    private final HubApi api;
    private final HubErrors errors;
    private final Consumer<String> say;

    /** @param say prints a line for the reader of the output */
    Hub(Environment environment, RetryPolicy policy, Consumer<String> say) {
        Optional<String> token = environment.token();
        this.cache = new HubCache(environment.cache());
        this.links = environment.links();
        this.offline = environment.offline();
        this.endpoint = environment.endpoint();
        Http http = new Http(policy, endpoint, token);
        this.api = new HubApi(http, policy, endpoint);
        this.errors = new HubErrors(http, endpoint, token.isPresent());
        this.say = say;
    }

    /**
     * The hub and the cache that environment variables name, as for Python: {@code HF_ENDPOINT},
     * {@code HF_TOKEN} (else the file {@code HF_TOKEN_PATH}, else {@code HF_HOME/token}), {@code HF_HUB_CACHE} (else
     * {@code HF_HOME/hub}) and {@code HF_HUB_OFFLINE}.
     */
    public static Hub ofEnvironment() {
        return new Hub(Environment.ofProcess(), RetryPolicy.STANDARD, line -> System.out.println(line));
    }

    /** The cache that downloads go to. */
    public HubCache cache() {
        return cache;
    }

    /**
     * Lists the files of a repository; if the hub cannot be reached, those in the cache.
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
            return downloader(folder).list();
        } catch (NetworkException e) {
            return cached(folder, unreachable(e));
        }
    }

    /**
     * Downloads and verifies those files of a repository that are not in the cache, and gives the folder with all of them, at
     * one commit. If the hub cannot be reached, the files of the last known commit are taken from the cache, and a line says
     * so.
     *
     * @param files names as {@link #list} gives them, such as "config.json"; at least one
     * @throws UnknownNameException if the repository has no such file; the message lists its files
     * @throws DownloadException if a file can neither be downloaded nor found in the cache
     * @throws BadFileException if the cache cannot be written
     * @throws StoppedException if the thread is interrupted; what has arrived is kept, and the next call resumes from there
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
        Downloader downloader = downloader(folder);
        HubApi.RemoteFile first;
        try {
            first = downloader.describe(files.get(0));
        } catch (NetworkException e) {
            return cached(folder, files, unreachable(e));
        }
        downloader.download(files, first);
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

    /** Called once all files are there, so that without a network the last complete commit is found. */
    private static void remember(RepositoryFolder folder, String commit) {
        try {
            folder.remember(commit);
        } catch (IOException e) {
            // A read-only cache works as well, as long as the hub can be reached.
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
        say.accept("%s: %s; using commit %.8s from the cache.".formatted(folder.repository(), why, commit));
        return folder.snapshot(commit);
    }

    private DownloadException notCached(RepositoryFolder folder, String what, String why) {
        Path snapshot = folder.snapshot(folder.commit());
        Path looked = Files.isDirectory(snapshot) ? snapshot : folder.folder();
        String advice = offline ? "Unset HF_HUB_OFFLINE to download it." : "Try again later, or check HF_ENDPOINT.";
        return new DownloadException("%s: %s, and the Hugging Face cache (%s) does not hold %s. %s"
                .formatted(folder.repository(), why, looked, what, advice));
    }

    private String unreachable(NetworkException failure) {
        return "%s could not be reached (%s)".formatted(endpoint.getHost(), failure.getMessage());
    }

    private String notAsked() {
        return "HF_HUB_OFFLINE is set, so %s was not asked".formatted(endpoint.getHost());
    }

    private RepositoryFolder folder(Repository repository) {
        return new RepositoryFolder(cache.folder(), repository, links);
    }

    private Downloader downloader(RepositoryFolder folder) {
        return new Downloader(api, errors, folder, say);
    }
}
