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

/** The three requests of the hub's API that a download needs: list files, describe one, fetch its content. */
final class HubApi {

    /**
     * A file on the hub.
     *
     * @param commit the commit that the revision means
     * @param content its size and hash
     */
    record RemoteFile(String commit, Content content) {}

    private final Http http;
    private final RetryPolicy policy;
    private final URI endpoint;

    HubApi(Http http, RetryPolicy policy, URI endpoint) {
        this.http = http;
        this.policy = policy;
        this.endpoint = endpoint;
    }

    /** Lists the files of a repository. */
    Listing list(Repository repository) throws IOException, InterruptedException {
        URI address = address("/api/" + repository.type().plural() + "/" + repository.id() + "/revision/"
                + encoded(repository.revision()));
        return withRetries(() -> {
            try (HubResponse response = http.get(address, 0)) {
                return listing(text(response.body()));
            } catch (JsonParseException e) {
                throw notAHub("its list of files cannot be read, as " + e.getMessage());
            }
        });
    }

    private static Listing listing(String json) {
        JsonObject root = Json.object(Json.parse(json), "the answer");
        List<String> files = new ArrayList<>();
        for (JsonElement file : Json.list(root.get("siblings"), "\"siblings\"")) {
            JsonElement name = Json.object(file, "an element of \"siblings\"").get("rfilename");
            files.add(Json.text(name, "\"rfilename\""));
        }
        return new Listing(Json.text(root.get("sha"), "\"sha\""), files, false);
    }

    /** Looks up a file's hash and size at the commit that the repository's revision means now. */
    RemoteFile describe(Repository repository, String file) throws IOException, InterruptedException {
        try (HubResponse response = withRetries(() -> http.head(content(repository, file), this::describes))) {
            String commit = response.header("X-Repo-Commit").orElse("");
            String etag = etag(response);
            if (!Repository.isCommit(commit) || !etag.matches("\\w[\\w.-]{0,199}")) {
                throw notAHub("the headers X-Repo-Commit and ETag are missing");
            }
            boolean linked =
                    response.status() != 200 || response.size("X-Linked-Size").isPresent();
            return new RemoteFile(
                    commit, new Content(response.size(linked ? "X-Linked-Size" : "Content-Length"), etag));
        }
    }

    /**
     * Whether a redirect's headers describe the file. A redirect to another server's do, because that server knows no
     * commits; within the hub the ETag may be that of the redirect's own text.
     */
    private boolean describes(HubResponse redirect) {
        boolean leaves = redirect.target().filter(target -> !http.isHub(target)).isPresent();
        return redirect.header("X-Repo-Commit").isPresent()
                && redirect.header("X-Linked-Etag")
                        .or(() -> redirect.header("ETag").filter(etag -> leaves))
                        .isPresent();
    }

    private static String etag(HubResponse response) {
        String etag = response.header("X-Linked-Etag")
                .or(() -> response.header("ETag"))
                .orElse("");
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    private DownloadException notAHub(String why) {
        return new DownloadException(
                "%s does not answer as a Hugging Face hub does: %s. Check HF_ENDPOINT, and whether a proxy or a login page of this network answers instead."
                        .formatted(endpoint, why));
    }

    /**
     * Downloads and verifies a file into {@code partial}; see {@link Transfer}.
     *
     * @param name of the file for errors
     */
    void download(Repository repository, String file, Content content, Path partial, String name)
            throws IOException, InterruptedException {
        Transfer.DownloadSource source =
                new Transfer.DownloadSource(content(repository, file), content, name, "Downloading " + file);
        Transfer.run(http, policy, source, partial);
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

    private String text(ResponseBody body) throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WritableByteChannel channel = Channels.newChannel(bytes);
        for (List<ByteBuffer> part = body.next(policy.readTimeout());
                !part.isEmpty();
                part = body.next(policy.readTimeout())) {
            for (ByteBuffer buffer : part) {
                channel.write(buffer);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private interface HubRequest<T> {
        T send() throws IOException, InterruptedException;
    }

    /** Retries when the server is busy or the connection breaks, but not when there is no server, to fail fast offline. */
    private <T> T withRetries(HubRequest<T> request) throws IOException, InterruptedException {
        Retries retries = new Retries(policy);
        while (true) {
            try {
                return request.send();
            } catch (NetworkException e) {
                if (e.failure() == NetworkException.Failure.UNREACHABLE
                        || e.failure() == NetworkException.Failure.TIMEOUT) {
                    throw e;
                }
                retries.waitAfter(e);
            }
        }
    }
}
