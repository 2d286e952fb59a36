package dev.lorikeet.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Asks servers, on a thread that may be interrupted at any time. Redirects are followed here and not by the client, because
 * the token is for the hub alone.
 */
final class Http {

    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(429, 500, 502, 503, 504);

    private final HttpClient client;
    private final RetryPolicy patience;
    private final URI endpoint;
    private final Optional<String> token;

    /** @param token sent to the scheme, host and port of {@code endpoint} only */
    Http(RetryPolicy patience, URI endpoint, Optional<String> token) {
        // One file comes at a time, which HTTP/2 makes no faster.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience.connect())
                .build();
        this.patience = patience;
        this.endpoint = endpoint;
        this.token = token;
    }

    /**
     * The headers of an address.
     *
     * @param enough whether a redirect tells all that is wanted and need not be followed
     */
    HubResponse head(URI address, Predicate<HubResponse> enough) throws IOException, InterruptedException {
        return ask("HEAD", address, 0, enough);
    }

    /**
     * The content at an address; the answer may be 416 if there is nothing from {@code offset} on.
     *
     * @param offset how many bytes of it are here already; the server may not care, see {@link HubResponse#start}
     */
    HubResponse get(URI address, long offset) throws IOException, InterruptedException {
        return ask("GET", address, offset, answer -> false);
    }

    private HubResponse ask(String method, URI address, long offset, Predicate<HubResponse> enough)
            throws IOException, InterruptedException {
        URI target = address;
        for (int redirects = 0; ; redirects++) {
            HubResponse answer = send(request(method, target, offset));
            if (!REDIRECTS.contains(answer.status())) {
                return checked(answer);
            }
            if (enough.test(answer)) {
                return answer;
            }
            if (redirects == MOST_REDIRECTS) {
                throw new RefusedException("it redirects more than " + MOST_REDIRECTS + " times", answer);
            }
            target = answer.target()
                    .orElseThrow(() -> new RefusedException(
                            "it redirects to \"" + answer.header("Location").orElse("")
                                    + "\", which cannot be followed",
                            answer));
        }
    }

    private HttpRequest request(String method, URI address, long offset) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .GET()
                .header("User-Agent", "lorikeet/java-" + Runtime.version().feature())
                // Sizes, ranges and hashes are those of the file, not of a compressed form.
                .header("Accept-Encoding", "identity");
        if (method.equals("HEAD")) {
            request.method(method, BodyPublishers.noBody());
        }
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        if (isHub(address)) {
            token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        }
        return request.build();
    }

    /** Whether an address has the scheme, host and port of the endpoint. */
    boolean isHub(URI address) {
        return address.getScheme().equalsIgnoreCase(endpoint.getScheme())
                && address.getHost().equalsIgnoreCase(endpoint.getHost())
                && port(address) == port(endpoint);
    }

    private static int port(URI address) {
        int implied = address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        return address.getPort() < 0 ? implied : address.getPort();
    }

    private HubResponse send(HttpRequest request) throws NetworkException, InterruptedException {
        Body body = new Body();
        CompletableFuture<HttpResponse<Body>> answer =
                client.sendAsync(request, info -> subscriber(request, info, body));
        boolean answered = false;
        try {
            long wait =
                    Math.max(patience.connect().toNanos(), patience.silence().toNanos());
            HttpResponse<Body> response = answer.get(wait, TimeUnit.NANOSECONDS);
            answered = true;
            return new HubResponse(request.uri(), response.statusCode(), response.headers(), body);
        } catch (TimeoutException e) {
            throw NetworkException.silent(patience.silence());
        } catch (ExecutionException e) {
            throw NetworkException.of(e.getCause());
        } finally {
            if (!answered) {
                answer.cancel(true);
                body.cancel();
            }
        }
    }

    /** What comes with an error or a redirect is for browsers; read to its end, it leaves the connection usable. */
    private static BodySubscriber<Body> subscriber(HttpRequest request, ResponseInfo info, Body body) {
        boolean wanted = request.method().equals("GET") && info.statusCode() / 100 == 2;
        return wanted ? body : BodySubscribers.replacing(body);
    }

    private static HubResponse checked(HubResponse answer) throws IOException {
        if (BUSY.contains(answer.status())) {
            throw NetworkException.busy(answer);
        }
        if (answer.status() / 100 != 2 && answer.status() != 416) {
            throw new RefusedException("the server answered " + answer.status(), answer);
        }
        return answer;
    }
}
