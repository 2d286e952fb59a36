package dev.lorikeet.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Brings one file here: resumed where the connection breaks off, and verified. */
final class Transfer {

    private final Http http;
    private final RetryPolicy patience;
    private final Source source;
    private final Content content;
    private final DownloadProgress meter;

    private Transfer(Http http, RetryPolicy patience, Source source, DownloadProgress meter) {
        this.http = http;
        this.patience = patience;
        this.source = source;
        this.content = source.content();
        this.meter = meter;
    }

    /**
     * Leaves the content in {@code partial}, which may hold the beginning of it from an earlier call.
     *
     * @throws NetworkException if the server does not send it; what has arrived stays
     * @throws RefusedException if it will not
     * @throws DownloadException if what it sends, twice, is not the content
     */
    static void run(Http http, RetryPolicy patience, Source source, Path partial)
            throws IOException, InterruptedException {
        try (DownloadProgress meter = new DownloadProgress(source.title())) {
            new Transfer(http, patience, source, meter).run(partial);
        }
    }

    private void run(Path partial) throws IOException, InterruptedException {
        content.size().ifPresent(meter::expect);
        Optional<String> problem;
        try (PartialFile file = PartialFile.open(partial, content, read -> meter.says(read, "checking what is here"))) {
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
            throw new DownloadException("%s: what %s sent, twice, %s. Nothing of it was kept; try again later."
                    .formatted(source.name(), source.address().getHost(), problem.get()));
        }
    }

    /** Returns when there is no more to come, be it what was expected or not. */
    private void receive(PartialFile file) throws IOException, InterruptedException {
        Retries retries = new Retries(patience);
        meter.start(file.length());
        while (file.length() != content.size().orElse(-1)) {
            long before = file.length();
            try {
                receiveOnce(file);
                return;
            } catch (NetworkException e) {
                boolean progressed = file.length() > before;
                if (progressed) {
                    retries.progressed();
                } else if (e.kind() == NetworkException.Kind.SILENT) {
                    throw e;
                }
                if (content.etag().isEmpty()) {
                    // Nothing would tell whether the rest belongs to the same version of the file.
                    file.restart();
                }
                meter.says(file.length(), e.getMessage() + "; trying again");
                retries.after(e);
            }
        }
    }

    private void receiveOnce(PartialFile file) throws IOException, InterruptedException {
        if (file.length() > content.size().orElse(Long.MAX_VALUE)) {
            file.restart();
        }
        try (HubResponse answer = http.get(source.address(), file.length())) {
            if (answer.status() == 416 && file.length() > 0 && content.size().isEmpty()) {
                // There is no more than what is here, or that is wrong anyway.
                return;
            }
            if (answer.start() != file.length()) {
                file.restart();
            }
            if (answer.start() != file.length()) {
                throw NetworkException.broken("the server sent another part than the one asked for");
            }
            answer.total().ifPresent(meter::expect);
            receive(file, answer.body());
            boolean delimited = answer.header("Content-Length").isPresent();
            if (!delimited && file.length() < content.size().orElse(0)) {
                throw NetworkException.broken("the connection ended early");
            }
        }
    }

    private void receive(PartialFile file, Body body) throws IOException, InterruptedException {
        long most = content.size().orElse(Long.MAX_VALUE);
        List<ByteBuffer> buffers = body.next(patience.silence());
        while (!buffers.isEmpty() && file.length() <= most) {
            file.append(buffers);
            meter.at(file.length());
            buffers = body.next(patience.silence());
        }
    }
}
