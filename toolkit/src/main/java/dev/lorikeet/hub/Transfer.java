package dev.lorikeet.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Downloads one file: resumes where the connection broke off, and verifies the hash. */
final class Transfer {

    /**
     * A file to be downloaded.
     *
     * @param content the expected size and hash
     * @param name for errors, such as "owner/name@main, config.json"
     * @param title for the progress bar
     */
    record DownloadSource(URI address, Content content, String name, String title) {}

    private final Http http;
    private final RetryPolicy policy;
    private final DownloadSource source;
    private final Content content;
    private final DownloadProgress progress;

    private Transfer(Http http, RetryPolicy policy, DownloadSource source, DownloadProgress progress) {
        this.http = http;
        this.policy = policy;
        this.source = source;
        this.content = source.content();
        this.progress = progress;
    }

    /**
     * Downloads into {@code partial}, which may hold the beginning from an earlier call.
     *
     * @throws NetworkException if the server does not send the file; what has arrived is kept
     * @throws RefusedException if the server refuses
     * @throws DownloadException if the server sends something else, twice
     */
    static void run(Http http, RetryPolicy policy, DownloadSource source, Path partial)
            throws IOException, InterruptedException {
        try (DownloadProgress progress = new DownloadProgress(source.title())) {
            new Transfer(http, policy, source, progress).run(partial);
        }
    }

    private void run(Path partial) throws IOException, InterruptedException {
        content.size().ifPresent(progress::expect);
        Optional<String> problem;
        try (PartialFile file =
                PartialFile.open(partial, content, read -> progress.status(read, "verifying what is here"))) {
            receive(file);
            problem = file.problem();
            if (problem.isPresent()) {
                file.restart();
                receive(file);
                problem = file.problem();
            }
            if (problem.isEmpty()) {
                file.force();
            }
        }
        if (problem.isPresent()) {
            Files.delete(partial);
            throw new DownloadException("%s: the file that %s sent (twice) %s. It was deleted; try again later."
                    .formatted(source.name(), source.address().getHost(), problem.get()));
        }
    }

    /** Receives until nothing more comes, whether or not it is what was expected. */
    private void receive(PartialFile file) throws IOException, InterruptedException {
        Retries retries = new Retries(policy);
        progress.start(file.length());
        while (file.length() != content.size().orElse(-1)) {
            long before = file.length();
            try {
                receiveOnce(file);
                return;
            } catch (NetworkException e) {
                boolean progressed = file.length() > before;
                if (progressed) {
                    retries.reset();
                } else if (e.failure() == NetworkException.Failure.TIMEOUT) {
                    throw e;
                }
                if (content.etag().isEmpty()) {
                    // Without an etag nothing tells whether the rest belongs to the same version of the file.
                    file.restart();
                }
                progress.status(file.length(), e.getMessage() + "; trying again");
                retries.waitAfter(e);
            }
        }
    }

    private void receiveOnce(PartialFile file) throws IOException, InterruptedException {
        if (file.length() > content.size().orElse(Long.MAX_VALUE)) {
            file.restart();
        }
        try (HubResponse response = http.get(source.address(), file.length())) {
            if (response.status() == 416 && file.length() > 0 && content.size().isEmpty()) {
                // The file ends here; if not, the check of its hash fails.
                return;
            }
            if (response.start() != file.length()) {
                file.restart();
            }
            if (response.start() != file.length()) {
                throw NetworkException.broken("the server sent another range than the requested one");
            }
            response.total().ifPresent(progress::expect);
            receive(file, response.body());
            boolean delimited = response.header("Content-Length").isPresent();
            if (!delimited && file.length() < content.size().orElse(0)) {
                throw NetworkException.broken("the connection ended early");
            }
        }
    }

    private void receive(PartialFile file, ResponseBody body) throws IOException, InterruptedException {
        long most = content.size().orElse(Long.MAX_VALUE);
        List<ByteBuffer> buffers = body.next(policy.readTimeout());
        while (!buffers.isEmpty() && file.length() <= most) {
            file.append(buffers);
            progress.at(file.length());
            buffers = body.next(policy.readTimeout());
        }
    }
}
