package dev.lorikeet.hub;

import dev.lorikeet.base.BadFileException;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Downloads files from the hub into a repository's folder, and turns failures into errors for people. */
final class Downloader {

    private static final int MANY = 100;

    private final HubApi api;
    private final HubErrors errors;
    private final RepositoryFolder folder;
    private final Consumer<String> say;

    /** @param say prints a line when another download of the same file is waited for */
    Downloader(HubApi api, HubErrors errors, RepositoryFolder folder, Consumer<String> say) {
        this.api = api;
        this.errors = errors;
        this.folder = folder;
        this.say = say;
    }

    private interface HubCall<T> {
        T run() throws IOException, InterruptedException;
    }

    /** @throws NetworkException if the hub cannot be reached */
    Listing list() throws NetworkException {
        Repository repository = folder.repository();
        return run(repository.toString(), () -> api.list(repository));
    }

    /**
     * Looks up a file's hash and size at the commit that the revision means now.
     *
     * @throws NetworkException if the hub cannot be reached
     */
    HubApi.RemoteFile describe(String file) throws NetworkException {
        return run(name(file), () -> describe(folder.repository(), file));
    }

    private HubApi.RemoteFile describe(Repository repository, String file) throws IOException, InterruptedException {
        try {
            return api.describe(repository, file);
        } catch (RefusedException e) {
            if (!HubErrors.isNoSuchFile(e)) {
                throw e;
            }
            List<String> files = api.list(repository).files();
            throw new UnknownNameException("file of " + folder.repository() + " named", file, namesToShow(file, files));
        }
    }

    /** All files, or if they are too many to read, those of the same folder. */
    private static List<String> namesToShow(String file, List<String> files) {
        String parent = file.substring(0, file.lastIndexOf('/') + 1);
        List<String> siblings = files.stream()
                .filter(other -> other.startsWith(parent) && other.indexOf('/', parent.length()) < 0)
                .limit(MANY)
                .toList();
        return files.size() <= MANY || siblings.isEmpty() ? files : siblings;
    }

    /**
     * Downloads the files that the snapshot of a commit lacks. All of them are looked up before the first byte is loaded, so
     * that a wrong name fails at once.
     *
     * @param first what {@link #describe} said of the first file
     */
    void download(List<String> files, HubApi.RemoteFile first) {
        Repository pinned = folder.repository().at(first.commit());
        Map<String, Content> contents = new LinkedHashMap<>();
        for (String file : folder.missing(first.commit(), files)) {
            contents.put(
                    file,
                    file.equals(files.get(0))
                            ? first.content()
                            : runToEnd(file, () -> describe(pinned, file)).content());
        }
        contents.forEach((file, content) -> runToEnd(file, () -> download(pinned, file, content)));
    }

    private <T> T runToEnd(String file, HubCall<T> call) {
        try {
            return run(name(file), call);
        } catch (NetworkException e) {
            String message = "%s: %s. What has arrived is kept: call again to resume.";
            throw new DownloadException(message.formatted(name(file), e.getMessage()), e);
        }
    }

    private Path download(Repository pinned, String file, Content content) throws IOException, InterruptedException {
        String etag = content.etag();
        Runnable onWait = () -> say.accept(name(file) + ": another download of this file is running; waiting for it.");
        BlobLock lock = BlobLock.acquire(folder.lock(etag), onWait);
        try {
            Path entry = folder.snapshot(pinned.revision()).resolve(file);
            if (Files.isRegularFile(entry)) {
                return entry;
            }
            boolean fresh = !Files.exists(folder.blob(etag));
            if (fresh) {
                api.download(pinned, file, content, folder.partial(etag), name(file));
                Files.move(folder.partial(etag), folder.blob(etag), StandardCopyOption.ATOMIC_MOVE);
            }
            folder.publish(entry, etag, fresh);
            return entry;
        } finally {
            lock.release();
        }
    }

    private String name(String file) {
        return folder.repository() + ", " + file;
    }

    private <T> T run(String what, HubCall<T> call) throws NetworkException {
        try {
            return call.run();
        } catch (NetworkException e) {
            throw e;
        } catch (RefusedException e) {
            throw errors.explain(e, folder.repository(), what);
        } catch (InterruptedException e) {
            throw stopped(what);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw stopped(what);
        } catch (IOException e) {
            throw new BadFileException(folder.folder(), "could not be used: " + e.getMessage(), e);
        }
    }

    private static StoppedException stopped(String what) {
        return new StoppedException(
                what + ": stopped. What has arrived is kept, and the next call resumes from there.");
    }
}
