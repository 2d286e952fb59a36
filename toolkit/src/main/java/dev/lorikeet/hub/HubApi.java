package dev.lorikeet.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.lorikeet.base.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The hub's answers to the three questions that a download asks: which files are there, which is this one, its content. */
final class HubApi {

    private final Http http;
    private final RetryPolicy patience;
    private final URI endpoint;

    HubApi(Http http, RetryPolicy patience, URI endpoint) {
        this.http = http;
        this.patience = patience;
        this.endpoint = endpoint;
    }

    /** The files of a repository. */
    Listing list(Repository repository) throws IOException, InterruptedException {
        URI address = address("/api/" + repository.kind().plural() + "/" + repository.id() + "/revision/"
                + encoded(repository.revision()));
        return patiently(() -> {
            try (HubResponse answer = http.get(address, 0)) {
                return listing(text(answer.body()));
            } catch (JsonParseException | IllegalStateException | ClassCastException e) {
                throw noHub("its list of files is none");
            }
        });
    }

    private static Listing listing(String json) {
        JsonObject root = Json.parse(json).getAsJsonObject();
        if (!root.has("sha") || !root.has("siblings")) {
            throw new JsonParseException("neither a commit nor files");
        }
        List<String> files = new ArrayList<>();
        for (JsonElement file : root.getAsJsonArray("siblings")) {
            files.add(file.getAsJsonObject().get("rfilename").getAsString());
        }
        return new Listing(root.get("sha").getAsString(), files, false);
    }

    /** What a file is, at the commit that the repository's revision means now. */
    RemoteFile describe(Repository repository, String file) throws IOException, InterruptedException {
        try (HubResponse answer = patiently(() -> http.head(content(repository, file), this::describes))) {
            String commit = answer.header("X-Repo-Commit").orElse("");
            String etag = etag(answer);
            if (!Repository.isCommit(commit) || !etag.matches("\\w[\\w.-]{0,199}")) {
                throw noHub("the headers X-Repo-Commit and ETag are missing");
            }
            boolean linked =
                    answer.status() != 200 || answer.size("X-Linked-Size").isPresent();
            return new RemoteFile(commit, new Content(answer.size(linked ? "X-Linked-Size" : "Content-Length"), etag));
        }
    }

    /**
     * Whether a redirect tells all of a file. One to another server does, because that server knows no commits; one within
     * the hub may have an etag of its own text.
     */
    private boolean describes(HubResponse redirect) {
        boolean leaves = redirect.target().filter(target -> !http.isHub(target)).isPresent();
        return redirect.header("X-Repo-Commit").isPresent()
                && redirect.header("X-Linked-Etag")
                        .or(() -> redirect.header("ETag").filter(etag -> leaves))
                        .isPresent();
    }

    private static String etag(HubResponse answer) {
        String etag =
                answer.header("X-Linked-Etag").or(() -> answer.header("ETag")).orElse("");
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    private DownloadException noHub(String why) {
        return new DownloadException(
                "%s does not answer as a Hugging Face hub does: %s. Check HF_ENDPOINT, and whether a proxy or a login page of this network answers instead."
                        .formatted(endpoint, why));
    }

    /**
     * Leaves a file's verified content in {@code partial}; see {@link Transfer}.
     *
     * @param name of the file for errors
     */
    void download(Repository repository, String file, Content content, Path partial, String name)
            throws IOException, InterruptedException {
        Source source = new Source(content(repository, file), content, name, "Downloading " + file);
        Transfer.run(http, patience, source, partial);
    }

    private URI content(Repository repository, String file) {
        List<String> parts = new ArrayList<>();
        for (String part : file.split("/", -1)) {
            parts.add(encoded(part));
        }
        return address(
                "/" + repository.path() + "/resolve/" + encoded(repository.revision()) + "/" + String.join("/", parts));
    }

    private URI address(String path) {
        return URI.create(endpoint + path);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String text(Body body) throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WritableByteChannel channel = Channels.newChannel(bytes);
        for (List<ByteBuffer> part = body.next(patience.silence());
                !part.isEmpty();
                part = body.next(patience.silence())) {
            for (ByteBuffer buffer : part) {
                channel.write(buffer);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private interface Question<T> {
        T ask() throws IOException, InterruptedException;
    }

    /** Asks again when the server is busy or the line bad; not when there is no server, which shall be known quickly. */
    private <T> T patiently(Question<T> question) throws IOException, InterruptedException {
        Retries retries = new Retries(patience);
        while (true) {
            try {
                return question.ask();
            } catch (NetworkException e) {
                if (e.kind() == NetworkException.Kind.UNREACHABLE || e.kind() == NetworkException.Kind.SILENT) {
                    throw e;
                }
                retries.after(e);
            }
        }
    }
}
